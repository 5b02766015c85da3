package lienthong.exchange_test

import data.lienthong.exchange

# Every part absent: the shape is whole and the answer is no.
test_nothing_known_denies_with_the_whole_shape if {
	exchange.decision == {
		"allow": false,
		"reason": "REQUEST_INVALID",
		"fields": [],
		"refused": [],
		"missing_context": [],
		"grants": {
			"field_results": false,
			"score_band": false,
			"exact_score": false,
			"reasons": false,
			"notices": false,
			"existence": false,
			"current_id": false,
		},
		"limits": {},
		"strictness": "exact",
		"agreement": {"id": "", "version": 0},
		"obligations": [],
	} with input as {}
		with data.agencies as {}
		with data.agreements as {}
		with data.vocabulary as {}
}

# False, and not undefined: `not` and a comparison with false then say the same.
test_every_gate_is_false_where_nothing_is_known if {
	[
		exchange.request_valid,
		exchange.agency_active,
		exchange.legal_entity_matches,
		exchange.agreement_in_force,
		exchange.agreement_bounded,
		exchange.method_agreed,
		exchange.context_complete,
		exchange.allow,
	] == [false, false, false, false, false, false, false, false] with input as {} with data.agencies as {}
		with data.agreements as {}
		with data.vocabulary as {}
	exchange.fields_agreed == false with input as {"match": [1], "release": []}
		with data.agreements as {}
		with data.vocabulary as {}
}

gates := {
	"request_valid": true,
	"agency_active": true,
	"legal_entity_matches": true,
	"agreement_in_force": true,
	"method_agreed": true,
	"context_complete": true,
	"fields_agreed": true,
}

allowed_with(g) if {
	exchange.allow with exchange.request_valid as g.request_valid
		with exchange.agency_active as g.agency_active
		with exchange.legal_entity_matches as g.legal_entity_matches
		with exchange.agreement_in_force as g.agreement_in_force
		with exchange.method_agreed as g.method_agreed
		with exchange.context_complete as g.context_complete
		with exchange.fields_agreed as g.fields_agreed
}

test_all_gates_open_allows if allowed_with(gates)

test_each_gate_alone_denies if {
	every name, _ in gates {
		not allowed_with(object.union(gates, {name: false}))
	}
}
