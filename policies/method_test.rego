package lienthong.exchange_test

import data.lienthong.exchange

agreed(methods, method) if {
	exchange.method_agreed with exchange.agreement as {"methods": methods} with input.method as method
}

test_only_the_whole_path if {
	agreed(["/a.v1.S/M", "/a.v1.S/N"], "/a.v1.S/N")
	every method in ["/a.v1.S/", "/a.v1.S/Mm", "M", "", "*", "/a.v1.s/m"] {
		not agreed(["/a.v1.S/M", "/a.v1.S/N"], method)
	}
}

test_no_pattern_matches_everything if not agreed(["*", "/a.v1.S/*"], "/a.v1.S/M")
