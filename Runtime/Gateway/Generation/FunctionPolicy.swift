import Manifests
import WireProtocol

/// What the gateway decides by for one function, in the form that costs nothing to read.
struct FunctionPolicy: Sendable {
    /// Where the invoker has it.
    let id: FunctionID
    /// Its name in the manifest.
    let name: String
    /// How long a worker has, in milliseconds.
    let timeoutMilliseconds: UInt32
    /// The largest body, in bytes.
    let bodyLimit: Int
    /// Whether a request's body goes to the handler as it comes.
    let streamsBody: Bool
    /// How its answers are paged; nil: not.
    let page: Manifests.PageSettings?

    init(_ settings: FunctionSettings, id: FunctionID) {
        self.id = id
        name = settings.name.rawValue
        timeoutMilliseconds = Self.milliseconds(settings.timeout)
        bodyLimit = settings.body.bytes
        streamsBody = settings.stream.request
        page = settings.page
    }

    /// At least 1 and at most what 32 bits hold (49 days).
    private static func milliseconds(_ duration: Duration) -> UInt32 {
        let (seconds, attoseconds) = duration.components
        guard seconds < Int64(UInt32.max) / 1000 else { return .max }
        return UInt32(max(1, seconds * 1000 + attoseconds / 1_000_000_000_000_000))
    }
}
