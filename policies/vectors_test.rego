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

# A rule of its own: in `not judged(case) == case.expect` the call is made outside of the negation, so that a decision
# that is undefined would be counted as right.
right(case) if judged(case) == case.expect

wrong := [case.name |
	some case in cases
	not right(case)
]

test_an_undefined_decision_is_a_wrong_one if {
	not right(object.union(cases[0], {"from": "nobody"}))
	right(cases[0])
}

test_every_vector if {
	count(cases) == 69
	count(wrong) == 0
}
