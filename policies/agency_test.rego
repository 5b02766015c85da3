package lienthong.exchange_test

import data.lienthong.exchange

known := {"a": {"legal_entity": "L", "status": "active"}, "b": {"legal_entity": "L", "status": "suspended"}}

test_active_agency if exchange.agency_active with data.agencies as known with input.caller.agency as "a"

test_suspended_and_unknown_agencies if {
	every code in ["b", "c", "", null, 1] {
		not exchange.agency_active with data.agencies as known with input.caller.agency as code
	}
}

test_legal_entity if {
	exchange.legal_entity_matches with data.agencies as known with input.caller as {"agency": "a", "legal_entity": "L"}
	not exchange.legal_entity_matches with data.agencies as known
		with input.caller as {"agency": "a", "legal_entity": "l"}
	not exchange.legal_entity_matches with data.agencies as {"a": {"legal_entity": null}}
		with input.caller as {"agency": "a", "legal_entity": null}
}
