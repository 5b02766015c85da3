package lienthong.exchange_test

import data.lienthong.exchange

term := {
	"id": "x",
	"version": 1,
	"agency": "a",
	"purpose": "p",
	"limits": {"rows_per_job": 1, "rows_per_day": 1},
	"strictness": "exact",
	"valid_from": 10,
	"valid_to": 20,
	"vocabulary_version": 1,
}

in_force(agreement, now) if {
	exchange.agreement_in_force with data.agreements as {"a": {"p": agreement}}
		with data.vocabulary.version as 1
		with input as {"now": now, "caller": {"agency": "a"}, "context": {"purpose": "p"}}
}

test_term_is_half_open if {
	not in_force(term, 9)
	in_force(term, 10)
	in_force(term, 19)
	not in_force(term, 20)
}

test_each_part_is_mandatory if {
	every name, _ in term {
		not in_force(object.remove(term, [name]), 15)
	}
}

test_a_wrong_type_is_no_bound if {
	every name in ["valid_from", "valid_to", "vocabulary_version", "limits", "version"] {
		every value in [null, "15", [], {}, true] {
			not in_force(object.union(object.remove(term, [name]), {name: value}), 15)
		}
	}
}

test_reference_names_what_was_judged if {
	exchange.agreement_reference == {"id": "x", "version": 1} with data.agreements as {"a": {"p": term}}
		with input as {"caller": {"agency": "a"}, "context": {"purpose": "p"}}
	exchange.agreement_reference == {"id": "", "version": 0} with data.agreements as {"a": {"p": term}}
		with input as {"caller": {"agency": "b"}, "context": {"purpose": "p"}}
}
