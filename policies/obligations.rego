package lienthong.exchange

# METADATA
# title: Obligations
# description: What the gateway must still do before anything leaves, sorted.
obligations := sort(duties)

duties contains "CHECK_CONSENT" if {
	some field in fields
	field.basis == "consent"
}

duties contains "REPORT_EMERGENCY" if {
	some field in fields
	field.basis == "emergency"
}

duties contains "RECORD_TRIMMING" if {
	allow
	count(refused) > 0
}
