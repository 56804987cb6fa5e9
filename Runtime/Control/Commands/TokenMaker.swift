import Gateway
import Glibc
import JSONCoding
import Manifests

/// A token that the manifest's own server accepts, for trying things.
public struct TokenMaker: Sendable {
    /// The token.
    public let text: String
    /// When it ends, in seconds since 1970.
    public let expires: Int64

    /// Makes a token signed with the manifest's secret.
    ///
    /// - Parameter lifetime: how long it is good; nil: as `auth.jwt.expiresIn` says.
    /// - Throws: `CommandFailure` where the manifest has no secret to sign with.
    public static func make(
        _ manifest: Manifest, id: String, roles: [String], scopes: [String], lifetime: Duration?
    ) throws -> TokenMaker {
        let signer: TokenSigner
        do throws(TokenSigner.Fault) {
            signer = try TokenSigner(manifest.auth?.jwt)
        } catch {
            throw CommandFailure(
                "\(error). A token needs `auth: {jwt: {secret: \"${JWT_SECRET}\"}}` in the manifest.")
        }
        let now = Int64(time(nil))
        let seconds = max(1, (lifetime ?? manifest.auth?.jwt?.expiresIn ?? .seconds(86_400)).components.seconds)
        return TokenMaker(
            text: signer.token(id: id, roles: roles, scopes: scopes, validFor: .seconds(seconds), unixSeconds: now),
            expires: now + seconds)
    }

    /// `{"token":…,"expires":…}`.
    public func json() -> [UInt8] {
        var json = JSONWriter()
        json.beginObject()
        json.key("token")
        json.string(text)
        json.key("expires")
        json.integer(expires)
        json.endObject()
        json.endLine()
        return json.bytes
    }
}
