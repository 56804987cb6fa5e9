import FunctionKit
import OutboundHTTP

/// The service that knows exchange rates. `GET RATES_URL/USD` answers `{"currency":"USD","rate":1.0843}`, or 404 for a
/// currency that it does not know.
struct RateService: Sendable {
    /// How long the service may take; less when the request itself has less time left.
    static let patience = Duration.seconds(3)

    private let client: HTTPClient
    /// Without a slash at its end; nil where no service is set up.
    private let url: String?

    init(_ startup: Startup) throws {
        client = try HTTPClient(.init(), startup)
        var url = Substring(startup.environment["RATES_URL"] ?? "")
        while url.last == "/" { url.removeLast() }
        if !url.isEmpty, !url.hasPrefix("http://"), !url.hasPrefix("https://") {
            throw RatesURLFault(url: String(url))
        }
        self.url = url.isEmpty ? nil : String(url)
    }

    /// Throws 404 for a currency that the service does not know, 503 when the service cannot be reached or is too slow
    /// or overloaded, and 502 when its answer is no rate.
    func rate(of currency: Currency, within limit: Duration) async throws -> Rate {
        guard let url else { throw Self.unavailable("RATES_URL is not set") }
        // A little less than is left, so that the answer is ours and not the gateway's 504.
        let timeout = max(.milliseconds(1), min(Self.patience, limit - .milliseconds(100)))
        let request = HTTPRequest(
            "GET", "\(url)/\(currency.code)", headers: ["Accept": "application/json"], timeout: timeout,
            connectTimeout: min(.seconds(1), timeout), maximumBody: 64 << 10)
        do {
            return try Self.rate(of: currency, from: try await client.send(request))
        } catch let error as HTTPClientError {
            switch error.kind {
            case .invalidRequest, .closed: throw error
            case .nameNotResolved, .connectionFailed, .tlsFailed, .timedOut: throw Self.unavailable(error.message)
            default: throw Self.nonsense(error.message)
            }
        }
    }

    /// Reads the service's answer.
    static func rate(of currency: Currency, from response: HTTPResponse) throws(APIError) -> Rate {
        switch response.status {
        case 200: break
        case 404: throw APIError.notFound("currency")
        case 429, 503, 504: throw unavailable("status \(response.status)")
        default: throw nonsense("status \(response.status)")
        }
        let rate: Rate
        do {
            rate = try response.decode(Rate.self)
        } catch {
            throw nonsense("\(error)")
        }
        guard rate.currency == currency.code, rate.rate > 0 else {
            throw nonsense("a rate of \(rate.rate) for \(rate.currency)")
        }
        return rate
    }

    private static func unavailable(_ cause: String) -> APIError {
        APIError(
            code: "RATES_UNAVAILABLE", status: Status(503),
            message: "Exchange rates are not available, please try again later", headers: ["Retry-After": "5"],
            cause: "rates: \(cause)")
    }

    private static func nonsense(_ cause: String) -> APIError {
        APIError(
            code: "RATES_FAILED", status: Status(502), message: "The service for exchange rates gave no usable answer",
            cause: "rates: \(cause)")
    }
}
