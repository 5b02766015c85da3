package lienthong.exchange_test

import data.lienthong.exchange

test_only_true_is_a_grant if {
	granted := exchange.grants with exchange.allow as true
		with exchange.agreement as {"grants": {"existence": true, "reasons": "true", "notices": 1, "score_band": null}}
	{name | some name, value in granted; value} == {"existence"}
	{name | some name, value in granted; value == false} == object.keys(granted) - {"existence"}
}

test_nothing_else_than_true_is_a_grant_whichever_it_is if {
	every name in object.keys(exchange.grants) {
		every value in ["true", 1, null, [], {}, false] {
			exchange.grants[name] == false with exchange.allow as true
				with exchange.agreement as {"grants": {name: value}}
		}
		exchange.grants[name] == true with exchange.allow as true with exchange.agreement as {"grants": {name: true}}
	}
}

test_grants_that_are_no_object_grant_nothing if {
	every shape in [null, true, ["existence"], "existence"] {
		exchange.grants.existence == false with exchange.allow as true with exchange.agreement as {"grants": shape}
	}
}

test_a_denied_call_is_told_nothing if {
	terms := {"grants": {"existence": true}, "limits": {"rows_per_day": 1}, "strictness": "review"}
	exchange.grants.existence == false with exchange.allow as false with exchange.agreement as terms
	exchange.limits == {} with exchange.allow as false with exchange.agreement as terms
	exchange.strictness == "exact" with exchange.allow as false with exchange.agreement as terms
}
