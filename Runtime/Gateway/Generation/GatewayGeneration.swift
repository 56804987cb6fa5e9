import Manifests
import WireProtocol

/// One applied manifest as the gateway sees it: routes, policies and who runs the functions; never changes.
///
/// A request keeps the generation that it began with to its end, also while another one is put in place.
public final class GatewayGeneration: Sendable {
    /// Where functions run.
    let invoker: any Invoker
    let router: Router
    let cursors: CursorSigner
    let logging: RequestLogging
    let redaction: QueryRedaction
    /// The version header's name in lower case, which is also `Vary`'s value for an answer that depends on it; empty:
    /// there is none.
    let versionHeader: [UInt8]
    /// `Vary`'s value for an error, which depends on `Accept` too.
    let errorVary: [UInt8]

    /// The generation of a manifest that has been checked.
    ///
    /// - Parameters:
    ///   - manifest: the manifest.
    ///   - invoker: what calls its functions.
    ///   - secret: what cursors are signed with: the manifest's, or the one that was made for it.
    ///   - functionID: where the invoker has the function at this index of `manifest.functions`; by default there.
    public init(
        _ manifest: Manifest, invoker: any Invoker, secret: [UInt8],
        functionID: (Int, FunctionSettings) -> FunctionID = { index, _ in FunctionID(index) }
    ) {
        self.invoker = invoker
        let policies = manifest.functions.enumerated().map { index, settings in
            FunctionPolicy(settings, id: functionID(index, settings))
        }
        router = Router(manifest, policies)
        cursors = CursorSigner(secret: secret)
        logging = manifest.log.requests
        redaction = QueryRedaction(manifest.log.redact)
        versionHeader = Array((manifest.versions?.header ?? "").lowercased().utf8)
        errorVary = versionHeader.isEmpty ? Array("accept".utf8) : Array("accept, ".utf8) + versionHeader
    }
}
