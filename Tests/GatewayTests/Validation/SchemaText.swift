import JSONCoding
import WireProtocol

@testable import Gateway

extension CompiledSchema {
    /// The faults of a document given as JSON text.
    func faults(_ json: String, in place: String = "body") throws -> [APIError.Detail] {
        try Array(json.utf8).withUnsafeBytes { bytes in
            SchemaRun.details(of: try JSONDocument.read(bytes), by: self, in: place)
        }
    }

    /// The faults as `field: message`, in order.
    func sentences(_ json: String) throws -> [String] {
        try faults(json).map { "\($0.field): \($0.message)" }
    }
}

/// The problems of a schema, as `pointer: message`.
func problems(of schema: String) -> [String] {
    SchemaCompiler.compile(schema, .init()).problems.map { "\($0.pointer): \($0.message)" }
}
