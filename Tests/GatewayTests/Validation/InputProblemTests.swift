import Manifests
import Testing

@testable import Gateway

@Suite("Schemas of a manifest")
struct InputProblemTests {
    private static let place = SourceLocation(file: "manifest.yaml", line: 7, column: 12)

    private func problems(
        _ routes: [String] = ["POST /users/{id}"], _ change: (inout FunctionSettings) -> Void
    ) -> [String] {
        var function = FunctionSettings(
            name: FunctionName(rawValue: "F"), routes: routes.compactMap { RoutePattern($0) })
        change(&function)
        let manifest = Manifest(name: "shop", directory: "/srv/shop", functions: [function])
        return InputValidator.problems(in: manifest).map(\.description)
    }

    private func document(_ json: String, _ path: String? = nil) -> SchemaDocument {
        SchemaDocument(json: json, path: path, location: Self.place)
    }

    @Test("a schema without problems has none")
    func fine() {
        #expect(
            problems {
                $0.input = InputSchemas(
                    path: document(#"{"properties":{"id":{"type":"integer"}}}"#), query: document("{}"),
                    body: document(#"{"type":"object"}"#))
                $0.output = document(#"{"type":"array"}"#)
            } == [])
    }

    @Test("each problem is at the schema's place in the manifest, and says where in the schema it is")
    func places() {
        #expect(
            problems {
                $0.input.body = document(#"{"properties":{"a":{"minLength":"1"}}}"#, "/srv/shop/Functions/F/body.json")
                $0.output = document(#"{"type":"x"}"#, "/etc/x.json")
                $0.input.query = document(#"{"requried":[]}"#)
            } == [
                """
                manifest.yaml:7:12: warning: `input.query` at /requried: `requried` is no keyword and is ignored
                  fix: write `required`
                """,
                """
                manifest.yaml:7:12: error: `input.body` (Functions/F/body.json) at /properties/a/minLength: `minLength` is no \
                whole number from 0 on
                  fix: write `minLength: 1`
                """,
                """
                manifest.yaml:7:12: error: `output` (/etc/x.json) at /type: `type` names `x`, which is no type
                  fix: write string, number, integer, boolean, array, object or null, or a list of them
                """,
            ])
    }

    @Test("a parameter of the path that the route has not is an error")
    func path() {
        let schema = document(#"{"properties":{"id":true,"name":true}}"#)
        #expect(
            problems { $0.input.path = schema } == [
                """
                manifest.yaml:7:12: error: `input.path`: names `name`, which is no parameter of `POST /users/{id}`
                  fix: write one of the route's own: id
                """
            ])
        #expect(problems(["POST /users"]) { $0.input.path = document(#"{"required":["id"]}"#) }.count == 1)
        // One of several routes has it: fine, unless it is required.
        let two = ["POST /users/{id}", "POST /users"]
        #expect(problems(two) { $0.input.path = document(#"{"properties":{"id":true}}"#) } == [])
        #expect(
            problems(two) { $0.input.path = document(#"{"properties":{"id":true},"required":["id"]}"#) } == [
                """
                manifest.yaml:7:12: error: `input.path`: names `id`, which is no parameter of `POST /users`
                  fix: write `{id}` in the route, or leave it out here
                """
            ])
        #expect(problems { $0.input.path = document(#"{"type":"string"}"#) }.count == 1)
    }

    @Test("a body where no request has one, and a query that cannot be, are errors")
    func bodyAndQuery() {
        #expect(
            problems(["GET /users"]) { $0.input.body = document("{}") } == [
                """
                manifest.yaml:7:12: error: `input.body`: a body is described, and `GET /users` has none
                  fix: write `input.query`, or a route with POST, PUT or PATCH
                """
            ])
        #expect(problems(["GET /users", "POST /users"]) { $0.input.body = document("{}") } == [])
        #expect(
            problems { $0.input.query = document(#"{"properties":{"filter":{"type":"object"}}}"#) } == [
                """
                manifest.yaml:7:12: error: `input.query` at /properties/filter: a parameter of a query cannot be an object
                  fix: describe a string, or take it from the body
                """
            ])
        let paged = problems(["GET /users"]) {
            $0.page = PageSettings()
            $0.input.query = document(#"{"properties":{"page":true,"limit":true,"cursor":true},"required":["limit"]}"#)
        }
        #expect(paged.count == 2)
        #expect(
            paged.contains {
                $0.hasPrefix("manifest.yaml:7:12: warning: `input.query`: names `page`, which `page` reads")
            })
        #expect(paged.contains { $0.hasPrefix("manifest.yaml:7:12: error: `input.query`: names `limit`") })
    }

    @Test("what has problems is not compiled, what has none is")
    func agreement() {
        for json in [#"{"type":"x"}"#, #"{"$ref":"x"}"#, #"{"pattern":"("}"#] {
            #expect(throws: SchemaProblems.self) { try InputValidator(InputSchemas(query: document(json))) }
        }
        #expect(throws: Never.self) { try InputValidator(InputSchemas(query: document(#"{"requried":1}"#))) }
    }
}
