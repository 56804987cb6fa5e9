import Manifests
import WireProtocol

/// What the gateway decides by for one function, in the form that costs nothing to read.
struct FunctionPolicy: Sendable {
    /// Where the invoker has it.
    let id: FunctionID
    /// Its place among the manifest's functions.
    let index: Int
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
    /// Who may call it.
    let access: AccessRule
    /// What its requests must look like; nil: anything.
    let validator: InputValidator?
    /// What every answer of it says of itself.
    let representation: RepresentationPolicy
    /// How its answers are kept; nil: not.
    let cache: CachePolicy?
    /// `Vary` of its answers where they depend on fields of the request (`cache.vary`); nil: it is that of all others.
    let variances: VarianceTable?
    /// What its answers drop of what is kept; nil: nothing is kept.
    let clearing: CacheClearing?
    /// How long a request may wait for another's answer and still ask for itself when that one fails, in nanoseconds.
    let patience: UInt64
    /// How a repeated request is recognised; nil: not.
    let idempotency: IdempotencyPolicy?

    init(
        _ settings: FunctionSettings, index: Int, id: FunctionID, in manifest: Manifest, validator: InputValidator?,
        _ authenticator: Authenticator, _ kept: ResponseCache
    ) {
        self.id = id
        self.index = index
        self.validator = validator
        access = authenticator.rule(settings.auth)
        representation = RepresentationPolicy(settings)
        // What was checked by other schemas is not found.
        let checked = [settings.input.path, settings.input.query].map { $0?.json ?? "" }.joined(separator: "\n")
        cache = CachePolicy(settings, in: kept, revision: checked)
        variances = cache.flatMap {
            let version = Array((manifest.versions?.header ?? "").lowercased().utf8)
            return $0.headers.isEmpty ? nil : VarianceTable(versionHeader: version, others: $0.headers)
        }
        clearing = CacheClearing(settings.name, of: manifest.functions, in: kept)
        // As long as for a worker: nobody waits for one timeout after the other (contract, section 2: `timeout`).
        patience = UInt64(Self.milliseconds(settings.scale.wait)) * 1_000_000
        idempotency = settings.idempotency.map { IdempotencyPolicy($0, function: settings.name) }
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
