import Testing
import WireProtocol

@testable import HTTPServing

struct StreamedExchangeTests {
    static func exchange(_ change: (inout RequestHead) -> Void = { _ in }) -> Exchange {
        ExchangeTests.exchange(change)
    }

    @Test("a streamed body waits for its receiver, and is read while that takes it")
    func pauses() {
        var exchange = Self.exchange { $0.contentLength = 50 }
        #expect(exchange.stream(limit: 100) == .pass)
        #expect(exchange.isStreaming && exchange.isPaused && !exchange.wantsBody && !exchange.isSettled)
        #expect(exchange.pause(false) == true)
        #expect(exchange.pause(false) == false)
        #expect(exchange.wantsBody)
        #expect(exchange.received(20) == .pass)
        #expect(exchange.pause(true) == true)
        #expect(!exchange.wantsBody)
        #expect(exchange.received(30) == .pass)
        exchange.bodyEnded()
        exchange.replied()
        #expect(exchange.isSettled && !exchange.mustClose)
    }

    @Test("a streamed body over the limit is refused by its length, or when it gets there")
    func tooLarge() {
        var declared = Self.exchange { $0.contentLength = 11 }
        #expect(declared.stream(limit: 10) == .tooLarge)
        var chunked = Self.exchange { $0.contentLength = nil }
        #expect(chunked.stream(limit: 10) == .pass)
        #expect(chunked.received(10) == .pass)
        #expect(chunked.received(1) == .tooLarge)
        #expect(!chunked.isStreaming)
    }

    @Test("what an answer leaves of a streamed body is read up to the allowance, else the connection ends")
    func unread() {
        var short = Self.exchange { $0.contentLength = 100 }
        #expect(short.stream(limit: 1_000) == .pass)
        short.replied()
        #expect(short.body == .discarding(left: 100))
        var long = Self.exchange { $0.contentLength = 101 }
        #expect(long.stream(limit: 1_000) == .pass)
        #expect(long.connectionOption(isDraining: false, framing: .chunked) == .close)
        long.replied()
        #expect(long.isSettled && long.mustClose)
        var chunked = Self.exchange { $0.contentLength = nil }
        #expect(chunked.stream(limit: 1_000) == .pass)
        #expect(chunked.received(500) == .pass)
        chunked.replied()
        #expect(chunked.received(101) == .overrun)
        #expect(chunked.mustClose)
    }

    @Test("a client that waits for 100 and never gets it ends its connection with the answer")
    func unasked() {
        var exchange = Self.exchange {
            $0.contentLength = 10
            $0.expectsContinue = true
        }
        #expect(exchange.stream(limit: 100) == .pass)
        exchange.replied()
        #expect(exchange.isSettled && exchange.mustClose)
    }
}
