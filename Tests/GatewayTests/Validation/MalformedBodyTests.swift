import Manifests
import Testing
import WireProtocol

@testable import Gateway

@Suite("Bodies that are no JSON, where a schema wants some")
struct MalformedBodyTests {
    @Test(
        "what is wrong is a sentence, and a key that is given twice is named by its path",
        arguments: [
            (#"{"a":1,"a":2}"#, "The body is not valid JSON: a is given twice (at byte 7)"),
            (#"{"b":[{},{"c":1,"\u0063":2}]}"#, "The body is not valid JSON: b[1].c is given twice"),
            (#"{"a":}"#, "The body is not valid JSON: expected a value, found '}' (at byte 5)"),
        ])
    func sentences(_ json: String, _ sentence: String) throws {
        var input = InputSchemas()
        input.body = SchemaDocument(json: #"{"type":"object"}"#)
        let validator = try #require(try InputValidator(input))
        let error = #expect(throws: APIError.self) {
            try validator.validate(body: Array(json.utf8), headers: ["content-type": "application/json"])
        }
        #expect(error == .badRequest(sentence))
    }
}
