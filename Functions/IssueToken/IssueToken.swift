import FoundationEssentials
import FunctionKit
import Postgres

/// Signs a user in: for an e-mail address and its password there is a token that says who the user is and what the
/// user may do, until it expires.
@main struct IssueToken: Function {
    struct Input: Decodable, Sendable {
        var email: String
        var password: String
    }

    /// The answer, as RFC 6749 section 5.1 has it, in the shop's own spelling.
    struct AccessToken: Codable, Sendable, Equatable {
        var accessToken: String
        var tokenType = "Bearer"
        /// How long the token is good, in seconds.
        var expiresIn: Int
    }

    let database: PostgresPool
    let issuer: TokenIssuer

    init(_ startup: Startup) async throws {
        issuer = try TokenIssuer(startup)
        database = try await PostgresPool(startup)
    }

    func handle(_ input: Input, _ context: Context) async throws -> Response {
        let credentials = Credentials(email: input.email, password: input.password)
        let account = try await database.queryOne(credentials.check, as: Account.self)
        guard let account, account.matches, credentials.areWellFormed, let user = account.id, let role = account.role
        else { throw Self.refusal }
        let token = AccessToken(
            accessToken: try issuer.token(for: user, role: role, at: Int(Date().timeIntervalSince1970)),
            expiresIn: issuer.lifetime)
        return try .json(token, headers: ["Cache-Control": "no-store"])
    }

    /// The same for an address that nobody has, a wrong password, and a user who has none.
    static let refusal = APIError(
        code: "INVALID_CREDENTIALS", status: Status(401), message: "The e-mail address or the password is wrong")
}
