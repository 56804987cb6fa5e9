import Manifests
import Testing
import WireProtocol

@testable import Control

@Suite struct InvocationRequestTests {
    static let manifest = ManifestLoader.load(
        text: """
            swiftlet: 1
            name: shop
            server: {prefix: /api}
            defaults: {auth: none}
            functions:
              Hello: {route: GET /hello}
              GetUser: {route: "GET /users/{id}"}
              Files: {routes: ["GET /files/{path+}", "PUT /files/{path+}"]}
              ListUsersV2: {route: GET /users, version: v2}
            """, path: "/nowhere/manifest.yaml", environment: [:]
    ).manifest

    func target(_ build: (inout InvocationRequest) throws -> Void) throws -> String {
        var request = InvocationRequest()
        try build(&request)
        let manifest = try #require(Self.manifest)
        let (method, target) = try request.target(in: manifest)
        return "\(method) \(target)"
    }

    @Test("a function's name becomes its first route, with prefix and version")
    func byName() throws {
        #expect(try target { try $0.apply(target: ["Hello"]) } == "GET /api/hello")
        #expect(try target { try $0.apply(target: ["ListUsersV2"]) } == "GET /api/v2/users")
    }

    @Test("parameters are put into the route and encoded")
    func parameters() throws {
        #expect(
            try target {
                try $0.apply(target: ["GetUser"])
                $0.parameters = [("id", "a/b c")]
            } == "GET /api/users/a%2Fb%20c")
        #expect(
            try target {
                try $0.apply(target: ["Files"])
                $0.method = "PUT"
                $0.parameters = [("path", "a/b c")]
            } == "PUT /api/files/a/b%20c")
    }

    @Test("a method and a path are taken as they are, the prefix added where it is missing")
    func byPath() throws {
        #expect(try target { try $0.apply(target: ["get", "/users/4?x=1"]) } == "GET /api/users/4?x=1")
        #expect(try target { try $0.apply(target: ["/api/users/4"]) } == "GET /api/users/4")
        #expect(try target { try $0.apply(target: ["GET", "/health"]) } == "GET /health")
    }

    @Test("query parameters are encoded and added")
    func query() throws {
        #expect(
            try target {
                try $0.apply(target: ["GET", "/users?a=1"])
                $0.query = [("q", "ü &"), ("q", "2")]
            } == "GET /api/users?a=1&q=%C3%BC%20%26&q=2")
    }

    @Test(
        "what makes no sense is a sentence, and wrong usage",
        arguments: [
            (["Nobody"], "There is no function `Nobody`"), (["FETCH", "/users"], "`FETCH` is no method"),
            (["GET", "users"], "write `GET /users`"), (["GetUser"], "-p id=VALUE"), (["Files"], "-p path=VALUE"),
        ])
    func refused(words: [String], sentence: String) {
        let failure = #expect(throws: CommandFailure.self) { try target { try $0.apply(target: words) } }
        #expect(failure?.isUsage == true)
        #expect(failure?.message.contains(sentence) == true)
    }

    @Test(
        "a parameter that would lead elsewhere, or that is empty, is refused",
        arguments: [
            ("GetUser", "id", "..", "cannot be `..`"), ("GetUser", "id", ".", "cannot be `.`"),
            ("GetUser", "id", "", "is empty"),
            ("Files", "path", "a/../b", "cannot be `..`"), ("Files", "path", "//", "is empty"),
        ])
    func elsewhere(function: String, name: String, value: String, sentence: String) {
        let failure = #expect(throws: CommandFailure.self) {
            try target {
                try $0.apply(target: [function])
                $0.parameters = [(name, value)]
            }
        }
        #expect(failure?.isUsage == true)
        #expect(failure?.message.contains("`\(name)` \(sentence)") == true)
    }

    @Test("dots within a parameter are its own affair")
    func dots() throws {
        #expect(
            try target {
                try $0.apply(target: ["GetUser"])
                $0.parameters = [("id", "...")]
            } == "GET /api/users/...")
    }

    @Test(
        "a header must have a name, be one line and leave the framing to the command",
        arguments: [
            ("X Y", "1"), ("", "1"), ("X:", "1"), ("Ä", "1"), ("X\r\nY", "1"), ("X", "a\r\nb"), ("X", "a\0"),
            ("Content-Length", "1"), ("transfer-encoding", "chunked"),
        ])
    func badHeader(name: String, value: String) {
        var request = InvocationRequest()
        request.headers = [(name, value)]
        let failure = #expect(throws: CommandFailure.self) { try request.checkHeaders() }
        #expect(failure?.isUsage == true)
    }

    @Test("other headers are taken", arguments: ["X-A", "accept", "!#$%&'*+-.^_`|~"])
    func header(name: String) throws {
        var request = InvocationRequest()
        request.headers = [(name, "a: b")]
        try request.checkHeaders()
    }

    @Test("what the command names wins over the event; a parameter that the route does not have is refused")
    func precedence() throws {
        #expect(
            try target {
                try $0.apply(event: Array(#"{"function":"GetUser"}"#.utf8))
                try $0.apply(target: ["GET", "/healthz"])
            } == "GET /api/healthz")
        #expect(
            try target {
                try $0.apply(event: Array(#"{"method":"PUT","path":"/x"}"#.utf8))
                try $0.apply(target: ["Hello"])
            } == "GET /api/hello")
        for words in [["Hello"], ["GET", "/hello"]] {
            #expect(throws: CommandFailure.self) {
                try target {
                    try $0.apply(target: words)
                    $0.parameters = [("id", "1")]
                }
            }
        }
    }

    @Test("an event file says everything at once")
    func event() throws {
        var request = InvocationRequest()
        try request.apply(
            event: Array(
                #"{"function":"GetUser","parameters":{"id":7},"query":{"a":"b"},"headers":{"X-A":"1"},"body":{"x":1}}"#
                    .utf8))
        #expect(request.function == "GetUser")
        #expect(request.parameters.map(\.value) == ["7"])
        #expect(request.query.map(\.name) == ["a"])
        #expect(request.headers.map(\.name) == ["X-A"])
        request.addContentType()
        request.addContentType()
        #expect(request.headers.map(\.name) == ["X-A", "content-type"])
        #expect(String(decoding: request.body, as: UTF8.self) == #"{"x":1}"#)
    }

    @Test(
        "an event with a fault is refused with the key",
        arguments: ["[]", "{", #"{"methd":"GET"}"#, #"{"query":{"a":[1]}}"#, #"{"path":1}"#])
    func badEvent(text: String) {
        var request = InvocationRequest()
        #expect(throws: CommandFailure.self) { try request.apply(event: Array(text.utf8)) }
    }
}
