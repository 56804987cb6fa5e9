import Manifests
import WireProtocol

/// What a function's answers say of themselves where the handler says nothing: `ETag` and `Cache-Control` (contract 3.5).
struct RepresentationPolicy: Sendable {
    private let cacheControl: CacheControlDefaults

    /// The policy of a function.
    init(_ settings: FunctionSettings) { cacheControl = CacheControlDefaults(settings) }

    /// Completes a whole answer: a 200 to GET or HEAD gets a strong tag over its bytes.
    func complete(_ response: inout OutgoingResponse, _ method: Method) {
        guard method == .get || method == .head else { return }
        cacheControl.append(method, response.status, to: &response.headers)
        if response.status == .ok, !response.headers.contains("etag") {
            EntityTag.append(of: response.body, to: &response.headers)
        }
    }

    /// Completes the head of an answer whose body comes in parts: there is nothing to make a tag of yet.
    func completeStreamed(_ response: inout OutgoingResponse, _ method: Method) {
        cacheControl.append(method, response.status, to: &response.headers)
    }
}
