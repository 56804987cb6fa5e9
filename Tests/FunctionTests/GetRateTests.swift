import FunctionKit
import TestSupport
import Testing

@testable import GetRate

@Suite struct GetRateTests {
    static func ask(
        _ currency: String, at url: String, timeout: Duration = .seconds(10)
    ) async throws -> Rate {
        let function = try await GetRate(.test(environment: ["RATES_URL": url]))
        return try await function.handle(.init(currency: currency), .test(timeout: timeout))
    }

    static func error(_ currency: String = "USD", at url: String, timeout: Duration = .seconds(10)) async -> APIError? {
        await apiError { _ = try await ask(currency, at: url, timeout: timeout) }
    }

    @Test("a rate comes from the service, to the last digit", arguments: ["USD", "usd", "Usd"])
    func rate(currency: String) async throws {
        let server = try RatesServer { _ in RatesServer.answer(#"{"currency":"USD","rate":1.08437219,"source":"x"}"#) }
        let rate = try await Self.ask(currency, at: server.url + "/latest/")
        #expect(rate.currency == "USD")
        #expect("\(rate.rate)" == "1.08437219")
        #expect(server.requests == ["GET /latest/USD HTTP/1.1"])
    }

    @Test("on the wire a rate is a number")
    func wire() async throws {
        let server = try RatesServer { _ in RatesServer.answer(#"{"currency":"JPY","rate":163.25}"#) }
        let function = try await GetRate(.test(environment: ["RATES_URL": server.url]))
        var invocation = Context.test(path: "/api/rates/JPY").invocation
        invocation.parameters = [.init("currency", "JPY")]
        let reply = await function.reply(to: invocation)
        #expect(String(decoding: reply.body, as: UTF8.self) == #"{"currency":"JPY","rate":163.25}"#)
    }

    @Test(
        "an address that is none stops the start, with what to write",
        arguments: ["nonsense", "ftp://x/", "file:///etc/passwd"])
    func address(url: String) async throws {
        await #expect { _ = try await GetRate(.test(environment: ["RATES_URL": url])) } throws: { error in
            "\(error)".contains("RATES_URL") && "\(error)".contains("https://")
        }
    }

    @Test("a currency that the service does not know is 404")
    func unknown() async throws {
        let server = try RatesServer { _ in RatesServer.answer("no", status: "404 Not Found") }
        #expect(await Self.error("XXQ", at: server.url) == .notFound("currency"))
    }

    @Test(
        "what is no code of a currency never reaches the service", arguments: ["", "US", "USDX", "U1D", "ÜSD", "../"])
    func malformed(currency: String) async throws {
        let server = try RatesServer { _ in RatesServer.answer("{}") }
        let error = await Self.error(currency, at: server.url)
        #expect(error?.details.map(\.field) == ["currency"])
        #expect(error?.details.map(\.location) == ["path"])
        #expect(server.requests.isEmpty)
    }

    @Test(
        "an answer that is no rate is 502",
        arguments: [
            RatesServer.answer("", status: "500 Internal Server Error"),
            RatesServer.answer("", status: "301 Moved Permanently"),
            RatesServer.answer("<html>"), RatesServer.answer(#"{"currency":"USD"}"#),
            RatesServer.answer(#"{"currency":"EUR","rate":1}"#), RatesServer.answer(#"{"currency":"USD","rate":0}"#),
            RatesServer.answer(#"{"currency":"USD","rate":-1}"#), RatesServer.answer(#"{"currency":"USD","rate":"x"}"#),
            "HTTP/1.1 200 OK\r\nContent-Length: 40\r\n\r\n{", "SSH-2.0-OpenSSH_9.2\r\n",
        ])
    func nonsense(answer: String) async throws {
        let server = try RatesServer { _ in answer }
        let error = await Self.error(at: server.url)
        #expect(error?.code == "RATES_FAILED")
        #expect(error?.status.code == 502)
        #expect(error?.cause != nil)
    }

    @Test("an answer of more than 64 KiB is 502")
    func large() async throws {
        let server = try RatesServer { _ in RatesServer.answer(String(repeating: " ", count: 70_000)) }
        #expect(await Self.error(at: server.url)?.code == "RATES_FAILED")
    }

    @Test("an overloaded service is 503, with the time to try again", arguments: ["429 Too Many", "503 Busy"])
    func overloaded(status: String) async throws {
        let server = try RatesServer { _ in RatesServer.answer("", status: status) }
        let error = await Self.error(at: server.url)
        #expect(error?.code == "RATES_UNAVAILABLE")
        #expect(error?.status.code == 503)
        #expect(error?.headers["retry-after"] == "5")
    }

    @Test("a service that says nothing is 503 before the request's own time is over")
    func silent() async throws {
        let server = try RatesServer { _ in "" }
        let error = await Self.error(at: server.url, timeout: .milliseconds(400))
        #expect(error?.code == "RATES_UNAVAILABLE")
        #expect(server.requests.count == 1)
    }

    @Test("a service that is not there is 503, and its address stays inside")
    func away() async throws {
        let server = try RatesServer { _ in "" }
        server.stop()
        let error = await Self.error(at: server.url)
        #expect(error?.code == "RATES_UNAVAILABLE")
        #expect(error?.message.contains("127.0.0.1") == false)
        #expect(await Self.error(at: "")?.code == "RATES_UNAVAILABLE")
    }
}
