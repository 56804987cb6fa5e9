import Manifests
import WireProtocol

/// One applied manifest as the gateway sees it: routes, policies and who runs the functions; never changes.
///
/// A request keeps the generation that it began with to its end, also while another one is put in place.
public final class GatewayGeneration: Sendable {
    /// Where functions run.
    let invoker: any Invoker
    let services: GatewayServices
    let router: Router
    let authenticator: Authenticator
    /// Who makes every request, whatever it shows; nil: what it shows decides.
    let assumed: Identity?
    let limiter: RateLimiter
    let proxies: TrustedProxies
    let crossOrigin: CrossOriginPolicy?
    let compression: CompressionRule?
    let variances: VarianceTable
    /// The description that is served; nil: none is.
    let description: ServedDescription?
    let cursors: CursorSigner
    let logging: RequestLogging
    let redaction: QueryRedaction
    /// The version header's name in lower case; empty: there is none.
    let versionHeader: [UInt8]

    /// The generation of a manifest that has been checked.
    ///
    /// - Parameters:
    ///   - manifest: the manifest.
    ///   - invoker: what calls its functions.
    ///   - secret: what cursors are signed with: the manifest's, or the one that was made for it.
    ///   - services: what outlives the generation.
    ///   - keys: the keys that tokens are verified by; nil where the manifest has none to fetch.
    ///   - caller: who makes every request, whatever it shows, as `swiftlet invoke --as` says; nil: what it shows decides.
    ///   - functionID: where the invoker has the function at this index of `manifest.functions`; by default there.
    /// - Throws: what is wrong with a JSON Schema or a key; `check` names all of it beforehand.
    public init(
        _ manifest: Manifest, invoker: any Invoker, secret: [UInt8], services: GatewayServices,
        keys: KeySetSource? = nil, caller: Caller? = nil,
        functionID: (Int, FunctionSettings) -> FunctionID = { index, _ in FunctionID(index) }
    ) throws {
        self.invoker = invoker
        self.services = services
        let authenticator = Authenticator(
            manifest.auth, realm: manifest.name, keySet: keys, unixMilliseconds: services.unixMilliseconds,
            log: services.warn)
        self.authenticator = authenticator
        let policies = try manifest.functions.enumerated().map { index, settings in
            let validator = try InputValidator(settings.input, bodyLimit: settings.body.bytes)
            return FunctionPolicy(
                settings, index: index, id: functionID(index, settings), in: manifest,
                validator: validator.isEmpty ? nil : validator, authenticator, services.cache)
        }
        router = Router(manifest, policies)
        assumed = caller.map { Identity($0, credential: .jwt) }
        limiter = RateLimiter(manifest, store: services.rates)
        proxies = TrustedProxies(manifest.server)
        crossOrigin = CrossOriginPolicy(manifest)
        compression = CompressionRule(manifest.compression)
        description = manifest.openapi.map { ServedDescription($0, manifest) }
        cursors = CursorSigner(secret: secret)
        logging = manifest.log.requests
        redaction = QueryRedaction(manifest.log.redact)
        versionHeader = Array((manifest.versions?.header ?? "").lowercased().utf8)
        variances = VarianceTable(versionHeader: versionHeader)
    }
}
