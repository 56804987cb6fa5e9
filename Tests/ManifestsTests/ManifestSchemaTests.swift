import Foundation
import Testing

@testable import Manifests

@Suite("The JSON Schema and the table of keys")
struct ManifestSchemaTests {
    private static func schema() throws -> SchemaChecker {
        let object = try JSONSerialization.jsonObject(with: Data(ManifestSchema.jsonSchema().utf8))
        return SchemaChecker(root: try #require(object as? [String: Any]))
    }

    private static func value(_ bytes: [UInt8]) throws -> Any {
        let tree = try #require(
            YAMLDocument.parse(String(decoding: bytes, as: UTF8.self), problems: ProblemList(file: "f")))
        return SchemaChecker.value(tree)
    }

    @Test("every whole manifest conforms", arguments: Fixtures.names("Valid"))
    func conforms(_ name: String) throws {
        let faults = try Self.schema().faults(Self.value(Fixtures.bytes("Valid/\(name).yaml")))
        #expect(faults == [])
    }

    @Test("a file in place of a variable's value conforms")
    func environmentFile() throws {
        let text = Fixtures.manifest(function: "env: {TOKEN: {file: token}, LEVEL: info}")
        let faults = try Self.schema().faults(Self.value(Array(text.utf8)))
        #expect(faults == [])
    }

    @Test(
        "manifests with faults that a schema can see do not conform",
        arguments: [
            "unknown-keys", "wrong-types", "wrong-types-in-function", "everything-missing", "version-missing",
            "version-unknown", "choices", "ranges", "functions-empty", "names", "durations", "sizes", "run",
            "cors-without-origins", "trusted-proxies", "rate", "keys-without-value", "prefix",
        ])
    func refuses(_ name: String) throws {
        let faults = try Self.schema().faults(Self.value(Fixtures.bytes("Invalid/\(name).yaml")))
        #expect(!faults.isEmpty)
    }

    @Test("the schema has the keys that the parser knows, at every level")
    func sameKeys() throws {
        let checker = try Self.schema()
        var compared = 0
        func compare(_ record: Record, _ schema: [String: Any], _ path: String) throws {
            let found = checker.objectSchema(in: schema)
            let properties = try #require(found["properties"] as? [String: Any], "\(path)")
            #expect(Set(properties.keys) == Set(record.fields.map(\.name)), "\(path)")
            #expect(found["additionalProperties"] as? Bool == false, "\(path)")
            compared += 1
            for field in record.fields {
                guard let inner = Self.record(field.shape),
                    let next = properties[field.name] as? [String: Any]
                else { continue }
                try compare(inner, next, path + "/" + field.name)
            }
        }
        try compare(KeyTable.manifest, checker.root, "")
        #expect(compared > 30)
    }

    /// The record that is in a shape, however wrapped.
    private static func record(_ shape: Shape) -> Record? {
        switch shape {
        case .record(let record): record
        case .oneOrMore(let inner), .list(let inner, _), .table(_, let inner, _): record(inner)
        case .either(let shapes): shapes.compactMap(record).first
        default: nil
        }
    }

    @Test("every key of the promise is in the table")
    func promisedKeys() {
        let top =
            "swiftlet name executables secret server versions auth rate cors compression openapi log health database "
            + "workers deploy defaults functions store queue tls"
        #expect(
            KeyTable.manifest.fields.map(\.name).sorted()
                == top.split(separator: " ").map(String.init).sorted())
        let function =
            "route routes version run auth rate page input output summary tags errors cache idempotency uses timeout "
            + "body retry stream scale memory processes files cpu allow sandbox env smoke traffic rollback async "
            + "retryPolicy onFailure schedule queue"
        #expect(
            KeyTable.function.fields.map(\.name).sorted()
                == function.split(separator: " ").map(String.init).sorted())
    }

    @Test("every line of the table of unsupported keys names a key that there is")
    func unsupportedKeys() {
        for path in UnsupportedKeys.typed.union(UnsupportedKeys.later) {
            let parts = path.split(separator: "=")[0].split(separator: ".").map(String.init)
            var record: Record? = parts[0] == "function" ? KeyTable.function : KeyTable.manifest
            for part in parts[0] == "function" ? Array(parts.dropFirst()) : parts {
                let field = record?.field(part)
                #expect(field != nil, "\(path)")
                record = field.flatMap { Self.record($0.shape) }
            }
        }
    }

    @Test("every key that is easily misplaced is in its section, and not in the map around it")
    func misplacedKeys() {
        let records = ["": KeyTable.manifest, "auth": KeyTable.auth, "function": KeyTable.function]
        for (path, sections) in MisplacedKeys.sections {
            for (section, keys) in sections {
                let inner = records[path]?.field(section)?.shape.keys
                for key in keys {
                    #expect(inner?.field(key) != nil, "\(path) \(section) \(key)")
                    #expect(records[path]?.field(key) == nil, "\(path) \(key)")
                }
            }
        }
    }

    @Test(
        "a default that is written changes nothing",
        arguments: ["server", "versions", "log", "health", "workers", "deploy"])
    func topLevelDefaults(_ section: String) throws {
        let field = try #require(KeyTable.manifest.field(section))
        for inner in try #require(Self.record(field.shape)).fields {
            guard let fallback = inner.fallback else { continue }
            let line = "\(section): {\(inner.name): \(fallback.rendered(indentation: nil))}"
            let loaded = Fixtures.load(Fixtures.manifest(line))
            #expect(loaded.diagnostics.isEmpty, "\(line)")
            #expect(loaded.manifest == Fixtures.load(Fixtures.manifest("log: {}")).manifest, "\(line)")
        }
    }

    @Test("a function's default that is written changes nothing")
    func functionDefaults() {
        let plain = Fixtures.load(Fixtures.manifest()).manifest
        func check(_ line: String) {
            let loaded = Fixtures.load(Fixtures.manifest(function: line))
            #expect(loaded.diagnostics.isEmpty, "\(line)")
            #expect(loaded.manifest == plain, "\(line)")
        }
        for field in KeyTable.function.fields where field.name != "auth" {
            if let fallback = field.fallback {
                check("\(field.name): \(fallback.rendered(indentation: nil))")
            }
            guard ["scale", "stream", "allow", "rollback"].contains(field.name) else { continue }
            for inner in Self.record(field.shape)?.fields ?? [] {
                guard let fallback = inner.fallback else { continue }
                check("\(field.name): {\(inner.name): \(fallback.rendered(indentation: nil))}")
            }
        }
    }
}
