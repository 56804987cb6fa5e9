import Manifests
import Testing
import WireProtocol

@testable import Gateway

@Suite("Bodies by their schema")
struct BodyTests {
    private static let schema = #"""
        {"type":"object","properties":{"id":{"type":"integer"},"n":{"type":"number","maximum":1e300}},"required":["id"]}
        """#

    private func validator(_ schema: String = schema, bodyLimit: Int = 1 << 20) throws -> InputValidator {
        try InputValidator(InputSchemas(body: SchemaDocument(json: schema)), bodyLimit: bodyLimit)
    }

    private func refusal(
        _ body: [UInt8], _ headers: HeaderList = ["content-type": "application/json"], bodyLimit: Int = 1 << 20
    ) throws -> APIError? {
        let validator = try validator(bodyLimit: bodyLimit)
        do throws(APIError) {
            _ = try validator.validate(body: body, headers: headers)
            return nil
        } catch {
            return error
        }
    }

    @Test(
        "a media type is JSON, or the answer is 415 with the header to send",
        arguments: [
            ("application/json", true), ("Application/JSON", true), ("application/json ; charset=utf-8", true),
            ("application/json;charset=\"UTF-8\"", true), ("application/json; charset=us-ascii", true),
            ("application/json; profile=\"a;charset=x\"; charset=UTF8", true), ("application/json;", true),
            ("application/merge-patch+json", true), ("application/vnd.api+json; v=1", true),
            ("application/json; charset=latin1", false), ("application/json; Charset=utf-16", false),
            ("application/json, text/plain", false), ("application/jsonp", false), ("text/json", false),
            ("+json", false),
            ("application/+json", false), ("application/x-www-form-urlencoded", false), ("", false), (";", false),
            ("application/json; charset", true), ("application/json; charset=", false),
            ("application/json; charset=\"", false),
        ])
    func mediaTypes(value: String, isJSON: Bool) throws {
        let error = try refusal(Array(#"{"id":1}"#.utf8), ["content-type": value])
        #expect((error == nil) == isJSON)
        if let error {
            #expect(error.status == Status(415))
            #expect(error.code == "UNSUPPORTED_MEDIA_TYPE")
            #expect(error.message.contains("Content-Type: application/json"))
        }
    }

    @Test(
        "more than one media type is a bad request, whatever they say",
        arguments: [
            ["application/json", "application/json"], ["application/json", "text/plain"],
            ["text/plain", "application/json"], ["", "application/json", "application/json"],
        ])
    func doubled(types: [String]) throws {
        var headers = HeaderList()
        for type in types { headers.append("content-type", type) }
        #expect(try refusal(Array(#"{"id":1}"#.utf8), headers) == .badRequest("Send one Content-Type"))
    }

    @Test("a body without a media type is 415, no body at all is a fault of the input")
    func absent() throws {
        #expect(try refusal(Array("{}".utf8), [:])?.status == Status(415))
        #expect(
            try validator().validate(body: [], headers: [:]) == [
                .init(field: "body", in: "body", message: "is required")
            ])
        let anything = try InputValidator(InputSchemas())
        #expect(try anything.validate(body: Array("x".utf8), headers: [:]) == [])
        #expect(anything.isEmpty)
    }

    @Test(
        "what is no JSON is a bad request that names the place",
        arguments: [
            ("{\"id\":}", "The body is not valid JSON: expected a value, found '}' (at byte 6)"),
            (" ", "The body is not valid JSON: the document is empty"),
            ("{\"id\":1} x", "The body is not valid JSON: expected the end of the document, found 'x' (at byte 9)"),
            ("{\"id\":1,\"id\":2}", "The body is not valid JSON: id is given twice (at byte 8)"),
            ("{\"id\":1,\"i\\u0064\":2}", "The body is not valid JSON: id is given twice"),
            ("\u{FEFF}{\"id\":1}", "The body is not valid JSON: a byte-order mark is not allowed (at byte 0)"),
            ("{\"id\":\"\\ud800\"}", "The body is not valid JSON: a string has half of a surrogate pair (at byte 7)"),
            ("{\"id\":01}", "The body is not valid JSON: a number must not begin with a zero (at byte 7)"),
            ("{\"id\":NaN}", "The body is not valid JSON: expected a value, found 'N' (at byte 6)"),
            (
                String(repeating: "[", count: 10_000),
                "The body cannot be read: arrays and objects are nested deeper than 128 (at byte 128)"
            ),
        ])
    func malformed(body: String, message: String) throws {
        let error = try refusal(Array(body.utf8))
        #expect(error?.code == "BAD_REQUEST")
        #expect(error?.message == message)
    }

    @Test("bytes that are not UTF-8 are a bad request, and a body beyond the limit is too large")
    func bytes() throws {
        for bytes: [UInt8] in [
            [0x22, 0xFF, 0x22], [0x22, 0xC0, 0x80, 0x22], [0x22, 0xED, 0xA0, 0x80, 0x22], [0xFF, 0xFE],
        ] {
            #expect(try refusal(bytes)?.code == "BAD_REQUEST")
        }
        #expect(try refusal(Array(#"{"id":1}"#.utf8), bodyLimit: 7)?.code == "PAYLOAD_TOO_LARGE")
        #expect(try refusal(Array(#"{"id":1}"#.utf8), bodyLimit: 8) == nil)
    }

    @Test(
        "numbers without measure are judged exactly by the schema",
        arguments: [
            (#"{"id":1e400}"#, []),
            (#"{"id":1e-400}"#, ["id: expected a whole number, found a number with a fraction"]),
            (#"{"id":1,"n":1e400}"#, ["n: must be at most 1e300"]), (#"{"id":1,"n":-1e400}"#, []),
            (#"{"id":1,"n":1e999999999999999999999}"#, ["n: must be at most 1e300"]),
            (#"{"id":1.5e1,"n":0.1}"#, []), (#"{"id":100e-2}"#, []),
            (#"{"id":"1"}"#, ["id: expected a whole number, found a string"]),
        ])
    func numbers(body: String, faults: [String]) throws {
        let details = try validator().validate(body: Array(body.utf8), headers: ["content-type": "application/json"])
        #expect(details.map { "\($0.field): \($0.message)" } == faults)
    }

    @Test("a number of a hundred thousand digits is checked")
    func digits() throws {
        let digits = String(repeating: "9", count: 100_000)
        let validator = try validator(#"{"multipleOf":3,"minimum":1,"type":"integer"}"#)
        #expect(try validator.validate(body: Array(digits.utf8), headers: ["content-type": "application/json"]) == [])
    }

    @Test("very many keys and elements are checked, and the first faults named")
    func many() throws {
        let keys = "{" + (0..<100_000).map { "\"k\($0)\":\($0)" }.joined(separator: ",") + "}"
        let closed = try validator(#"{"additionalProperties":false,"maxProperties":99999}"#, bodyLimit: 64 << 20)
        let headers: HeaderList = ["content-type": "application/json"]
        let details = try closed.validate(body: Array(keys.utf8), headers: headers)
        #expect(details.count == 64 && details[0].message == "must have at most 99999 fields")
        let open = try validator(
            #"{"patternProperties":{"^k[0-9]*$":{"minimum":0}},"unevaluatedProperties":false}"#, bodyLimit: 64 << 20)
        #expect(try open.validate(body: Array(keys.utf8), headers: headers) == [])
        let elements = "[" + (0..<100_000).map { "[\($0),{\"a\":\"\($0)\"}]" }.joined(separator: ",")
        let unique = try validator(#"{"uniqueItems":true}"#, bodyLimit: 64 << 20)
        #expect(try unique.validate(body: Array((elements + "]").utf8), headers: headers) == [])
        #expect(
            try unique.validate(body: Array((elements + #",[7.0e0,{"a":"\u0037"}]]"#).utf8), headers: headers).map(
                \.message)
                == ["must not have the same element twice"])
    }
}
