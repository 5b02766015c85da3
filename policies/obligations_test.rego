package lienthong.exchange_test

import data.lienthong.exchange

test_statute_alone_obliges_to_nothing if {
	exchange.obligations == [] with exchange.allow as true
		with exchange.fields as [{"id": 1, "use": "match", "basis": "statute"}]
		with exchange.refused as []
}

test_each_cause_its_duty_sorted if {
	exchange.obligations == ["CHECK_CONSENT", "RECORD_TRIMMING", "REPORT_EMERGENCY"] with exchange.allow as true
		with exchange.fields as [{"basis": "emergency"}, {"basis": "consent"}, {"basis": "consent"}]
		with exchange.refused as [{"id": 3}]
}

test_a_refusal_obliges_to_nothing if {
	exchange.obligations == [] with exchange.allow as false with exchange.fields as [] with exchange.refused as [{"id": 3}]
}
