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
        "what makes no sense is a sentence",
        arguments: [["Nobody"], ["FETCH", "/users"], ["GET", "users"], ["GetUser"]])
    func refused(words: [String]) {
        #expect(throws: CommandFailure.self) { try target { try $0.apply(target: words) } }
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
