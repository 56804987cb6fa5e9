import Foundation
import JSONCoding
import Manifests
import Testing
import WireProtocol

@testable import Gateway

@Suite("OpenAPI")
struct OpenAPIDocumentTests {
    private static func document(_ functions: FunctionSettings..., change: (inout Manifest) -> Void = { _ in })
        throws -> JSONValue
    {
        var manifest = Manifest(name: "shop", directory: "/srv/shop", functions: functions)
        change(&manifest)
        return try JSONValue.parse(OpenAPIDocument(manifest).bytes)
    }

    private static func function(
        _ name: String, _ routes: String..., change: (inout FunctionSettings) -> Void = { _ in }
    )
        -> FunctionSettings
    {
        var function = FunctionSettings(
            name: FunctionName(rawValue: name), routes: routes.compactMap { RoutePattern($0) }, auth: .none)
        change(&function)
        return function
    }

    @Test("a manifest with everything gives exactly the golden document")
    func golden() throws {
        let file = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
            .appendingPathComponent("../Fixtures/OpenAPI/everything.json")
        let text = OpenAPIDocument(EverythingManifest.manifest).text
        if ProcessInfo.processInfo.environment["SWIFTLET_UPDATE_GOLDEN"] == "1" {
            try Data(text.utf8).write(to: file)
        }
        #expect(try text == String(contentsOf: file, encoding: .utf8))
    }

    @Test("both forms are the same document, and the same each time")
    func forms() throws {
        let document = OpenAPIDocument(EverythingManifest.manifest)
        #expect(try JSONValue.parse(Array(document.text.utf8)).serialize() == document.bytes)
        #expect(OpenAPIDocument(EverythingManifest.manifest).bytes == document.bytes)
        #expect(document.text.hasSuffix("}\n"))
        #expect(!document.bytes.contains(UInt8(ascii: "\n")))
    }

    @Test("every reference leads somewhere")
    func references() throws {
        let root = try JSONValue.parse(OpenAPIDocument(EverythingManifest.manifest).bytes)
        var count = 0
        func look(_ value: JSONValue) {
            switch value {
            case .array(let elements): elements.forEach(look)
            case .object(let object):
                for member in object.members where member.key != "const" {
                    if member.key == "$ref", let text = member.value.stringValue {
                        count += 1
                        let steps = text.split(separator: "/").dropFirst()
                        #expect(text.hasPrefix("#/"))
                        #expect(steps.reduce(Optional(root)) { $0?[String($1)] } != nil, "\(text)")
                    }
                    look(member.value)
                }
            default: break
            }
        }
        look(root)
        #expect(count > 100)
    }

    @Test("an empty manifest is a document without paths")
    func empty() throws {
        let document = try Self.document()
        #expect(document["openapi"] == "3.1.1")
        #expect(document["paths"] == [:])
        #expect(document["servers"] == [["url": "/"]])
        #expect(document["info"]?["title"] == "shop")
        #expect(document["info"]?["version"] == "1")
    }

    @Test("two methods of one path share its item and its parameters' names, whatever each route calls them")
    func merging() throws {
        let path = SchemaDocument(json: #"{"properties":{"number":{"type":"integer"}}}"#)
        let document = try Self.document(
            Self.function("A", "GET /users/{id}"),
            Self.function("B", "DELETE /users/{number}") { $0.input.path = path })
        #expect(document["paths"]?.objectValue?.keys == ["/users/{id}"])
        let item = document["paths"]?["/users/{id}"]
        #expect(item?.objectValue?.keys == ["get", "delete"])
        #expect(item?["delete"]?["parameters"]?[0]?["name"] == "id")
        #expect(item?["delete"]?["parameters"]?[0]?["schema"] == ["type": "integer"])
    }

    @Test(
        "the rest of a path is a parameter of its name, or with a plus where the path has a plain one",
        arguments: [
            (["GET /f/{rest+}"], ["/f/{rest}"]),
            (["GET /f/{rest+}", "GET /f/{name}"], ["/f/{rest+}", "/f/{name}"]),
            (["GET /f/{name}", "PUT /f/{rest+}", "GET /f/{other+}"], ["/f/{name}", "/f/{rest+}"]),
        ])
    func rest(routes: [String], templates: [String]) throws {
        let functions = routes.enumerated().map { index, route in Self.function("F\(index)", route) }
        let manifest = Manifest(name: "shop", directory: "/srv/shop", functions: functions)
        let document = try JSONValue.parse(OpenAPIDocument(manifest).bytes)
        #expect(document["paths"]?.objectValue?.keys == templates)
        for (_, item) in document["paths"]?.objectValue?.members.map({ ($0.key, $0.value) }) ?? [] {
            for operation in item.objectValue?.members ?? [] {
                let name = try #require(operation.value["parameters"]?[0]?["name"]?.stringValue)
                #expect(templates.contains { $0.hasSuffix("{\(name)}") })
            }
        }
    }

    @Test("the default version has the plain path, others theirs, and the header is told of where there are others")
    func versions() throws {
        let one = Self.function("One", "GET /users")
        var document = try Self.document(one)
        #expect(document["paths"]?["/users"]?["get"]?.description.contains("Version") == false)
        document = try Self.document(one, Self.function("Two", "GET /users") { $0.version = "v2" })
        #expect(document["paths"]?.objectValue?.keys == ["/users", "/v2/users"])
        #expect(document["components"]?["parameters"]?["Version"]?["name"] == "api-version")
        let reference: JSONValue = ["$ref": "#/components/parameters/Version"]
        #expect(document["paths"]?["/users"]?["get"]?["parameters"]?.arrayValue?.contains(reference) == true)
        #expect(document["paths"]?["/v2/users"]?["get"]?["parameters"]?.arrayValue?.contains(reference) == false)
    }

    @Test("operation ids are unique, also beside functions with a number in their name")
    func identifiers() throws {
        let document = try Self.document(
            Self.function("List", "GET /a", "GET /b", "GET /c"), Self.function("List_2", "GET /d"))
        let ids = document["paths"]?.objectValue?.members.map { $0.value["get"]?["operationId"] }
        #expect(ids == ["List", "List_2_", "List_3", "List_2"])
    }

    @Test("a body with a schema is required JSON, a streamed one anything, and GET has none")
    func bodies() throws {
        let document = try Self.document(
            Self.function("A", "POST /a") { $0.input.body = SchemaDocument(json: "{}") },
            Self.function("B", "POST /b") { $0.stream.request = true },
            Self.function("C", "PUT /c"), Self.function("D", "GET /d"))
        func body(_ path: String, _ method: String) -> JSONValue? {
            document["paths"]?[path]?[method]?["requestBody"]
        }
        #expect(
            body("/a", "post") == [
                "required": true,
                "content": ["application/json": ["schema": ["$ref": "#/components/schemas/ABody"]]],
            ])
        #expect(body("/b", "post")?["content"] == ["*/*": [:]])
        #expect(body("/c", "put") == ["content": ["application/json": [:]]])
        #expect(body("/d", "get") == nil)
    }

    @Test("200 has the schema, 201 too where something is created; without a schema it is 2XX")
    func success() throws {
        let output = SchemaDocument(json: #"{"type":"string"}"#)
        let document = try Self.document(
            Self.function("A", "GET /a") { $0.output = output }, Self.function("B", "POST /b") { $0.output = output },
            Self.function("C", "DELETE /c"), Self.function("D", "GET /d") { $0.page = PageSettings(style: .cursor) })
        func statuses(_ path: String, _ method: String) -> [String]? {
            document["paths"]?[path]?[method]?["responses"]?.objectValue?.keys.filter { $0.hasPrefix("2") }
        }
        #expect(statuses("/a", "get") == ["200"])
        #expect(statuses("/b", "post") == ["200", "201"])
        #expect(statuses("/c", "delete") == ["2XX"])
        #expect(statuses("/d", "get") == ["200"])
        let page = document["paths"]?["/d"]?["get"]?["responses"]?["200"]?["content"]?["application/json"]?["schema"]
        #expect(page?["properties"]?["data"] == ["type": "array", "items": true])
        #expect(page?["properties"]?["pagination"] == ["$ref": "#/components/schemas/CursorPagination"])
    }
}
