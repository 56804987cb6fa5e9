import JSONCoding
import Testing

@Suite("Paths")
struct JSONPathTests {
    @Test(
        "a path reads like code, and keys that could mislead are put in quotes",
        arguments: [
            ([], ""), (["lines", 0, "quantity"], "lines[0].quantity"), ([0, 1], "[0][1]"),
            (["a", "b"], "a.b"),
            (["a.b", "c"], #"["a.b"].c"#), (["", "é-1_x"], #"[""].é-1_x"#),
            (["x\n\"\u{202E}\u{2028}y"], #"["x????y"]"#),
        ] as [(JSONPath, String)])
    func description(_ path: JSONPath, _ text: String) { #expect(path.description == text) }

    @Test("a key without end is cut when it is shown, and kept whole in the path")
    func longKeys() {
        let key = String(repeating: "k", count: 10_000)
        let path = JSONPath().appending(.key(key))
        #expect(path.description == "[\"\(key.prefix(64))…\"]")
        #expect(path.elements == [.key(key)])
        #expect(JSONPath().isRoot && !path.isRoot)
    }
}
