package lienthong.exchange_test

import data.lienthong.exchange

# Whatever the reason says, it never allows: with a gate shut, OK is out of reach.
test_ok_only_when_allowed if {
	exchange.reason == "OK" with exchange.allow as true
	exchange.reason != "OK" with exchange.allow as false with input as {}
}

test_the_first_shut_gate_names_it if {
	exchange.reason == "REQUEST_INVALID" with exchange.allow as false
		with exchange.request_valid as false
		with exchange.agency_active as false
	exchange.reason == "AGENCY_NOT_ACTIVE" with exchange.allow as false
		with exchange.request_valid as true
		with exchange.agency_active as false
		with exchange.legal_entity_matches as false
}
