package lienthong.exchange_test

import data.lienthong.exchange

complete(demands, context) if {
	exchange.context_complete with exchange.agreement as {"demands": demands} with input.context as context
}

test_nothing_demanded_nothing_missing if complete([], {})

test_all_demanded_members_must_say_something if {
	complete(["officer_code", "unit_code"], {"officer_code": "1", "unit_code": "2"})
	not complete(["officer_code", "unit_code"], {"officer_code": "1"})
	every blank in ["", " ", "\t\n", null, 0, false, ["x"]] {
		not complete(["officer_code"], {"officer_code": blank})
	}
}

test_demands_that_are_no_list if {
	not complete(null, {})
	not complete("officer_code", {"officer_code": "1"})
	not complete({}, {})
}

test_missing_is_sorted_and_told_to_entitled_callers_only if {
	exchange.missing_context == ["case_ref", "unit_code"] with exchange.agreement as {"demands": ["unit_code", "case_ref"]}
		with exchange.agreement_in_force as true
		with exchange.method_agreed as true
		with input.context as {}
	exchange.missing_context == [] with exchange.agreement as {"demands": ["unit_code"]}
		with exchange.agreement_in_force as true
		with exchange.method_agreed as false
		with input.context as {}
}
