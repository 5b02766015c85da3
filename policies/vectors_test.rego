# METADATA
# description: The vectors, judged by the Rego source; gateway/policy judges the same ones by the WASM.
package lienthong.exchange_test

import data.lienthong.exchange

cases := array.concat(data.vectors.allowed, array.concat(data.vectors.refused, data.vectors.traps))

judged(case) := answer if {
	answer := exchange.decision with data.agencies as object.get(world(case), "agencies", {})
		with data.agreements as object.get(world(case), "agreements", {})
		with data.vocabulary as object.get(world(case), "vocabulary", {})
		with input as json.patch(data.vectors.world.inputs[case.from], object.get(case, "input", []))
}

world(case) := json.patch(data.vectors.world, object.get(case, "world", []))

wrong := [case.name |
	some case in cases
	not judged(case) == case.expect
]

test_every_vector if {
	count(cases) == 69
	count(wrong) == 0
}
