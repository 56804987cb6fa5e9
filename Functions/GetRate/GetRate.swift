import FunctionKit

/// Tells what the shop's currency is worth in another one, as the service at `RATES_URL` has it.
@main struct GetRate: Function {
    struct Input: Decodable, Sendable {
        var currency: String
    }

    let rates: RateService

    init(_ startup: Startup) async throws {
        rates = try RateService(startup)
    }

    func handle(_ input: Input, _ context: Context) async throws -> Rate {
        guard let currency = Currency(input.currency) else {
            throw APIError.invalid("currency", in: "path", "A currency is three letters, such as USD")
        }
        return try await rates.rate(of: currency, within: context.remaining)
    }
}
