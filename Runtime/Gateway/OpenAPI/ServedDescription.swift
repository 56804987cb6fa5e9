import Manifests
import WireProtocol

/// The API's OpenAPI document where the manifest has it served (`openapi.path`), made once for a generation.
struct ServedDescription: Sendable {
    /// Where it stands, for the log.
    let path: String
    /// The whole answer, compressed once for all who take it so.
    let answer: CachedResponse
    private let bytes: [UInt8]

    init(_ settings: OpenAPISettings, _ manifest: Manifest) {
        path = settings.path
        bytes = Array(settings.path.utf8)
        let body = OpenAPIDocument(manifest).bytes
        var headers = HeaderList()
        headers.append(constant: "content-type", "application/json")
        headers.append(constant: "cache-control", "no-cache")
        EntityTag.append(of: body, to: &headers)
        answer = CachedResponse(
            status: .ok, headers: headers, body: body, storedAt: 0, lifetime: .max, keepsCompressed: true)
    }

    /// Whether this path is the document's.
    @inline(__always)
    func stands(at path: [UInt8]) -> Bool { path.count == bytes.count && path == bytes }
}
