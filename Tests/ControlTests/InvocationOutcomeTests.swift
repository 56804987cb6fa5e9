import Testing

@testable import Control

@Suite struct InvocationOutcomeTests {
    static func outcome(_ body: String, _ headers: [(String, String)], status: Int = 200) -> InvocationOutcome {
        InvocationOutcome(
            status: status, headers: headers.map { (name: $0.0, value: $0.1) }, body: Array(body.utf8),
            milliseconds: 7.31,
            isWhole: true, summary: "")
    }

    @Test(
        "as JSON the body is what its type says and it is",
        arguments: [
            ("application/json", #"{"id":4.20,\n "b":[]}"#, #"{"id":4.20,"b":[]}"#),
            ("Application/Problem+JSON; charset=utf-8", "[1]", "[1]"),
            ("application/json", "{", #""{""#), ("text/plain", "1", #""1""#), ("text/plain", "a\"\n", #""a\"\n""#),
            ("application/json", "", "null"), ("", "x", #""x""#),
        ])
    func body(type: String, body: String, expected: String) {
        let body = body.replacing("\\n", with: "\n")
        let text = String(decoding: Self.outcome(body, [("content-type", type)]).json(), as: UTF8.self)
        #expect(
            text == #"{"status":200,"headers":{"content-type":"\#(type)"},"body":\#(expected),"durationMs":7.31}"#
                + "\n")
    }

    @Test("a header that comes more than once has an array of its values")
    func headers() {
        let outcome = Self.outcome(
            "", [("set-cookie", "a=1"), ("x", "b"), ("set-cookie", "c=2")], status: 204)
        #expect(
            String(decoding: outcome.json(), as: UTF8.self)
                == #"{"status":204,"headers":{"set-cookie":["a=1","c=2"],"x":"b"},"body":null,"durationMs":7.31}"#
                + "\n")
    }
}
