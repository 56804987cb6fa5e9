import Testing
import WireProtocol

@testable import HTTPServing

struct ExchangeTests {
    static func exchange(_ change: (inout RequestHead) -> Void = { _ in }) -> Exchange {
        var head = RequestHead()
        change(&head)
        return Exchange(head, allowance: 100)
    }

    @Test("a request with its response leaves room for the next")
    func plain() {
        var exchange = ExchangeTests.exchange()
        #expect(exchange.gather(limit: 10) == .keep)
        #expect(exchange.wantsBody)
        exchange.bodyEnded()
        #expect(!exchange.isSettled)
        #expect(exchange.connectionOption(isDraining: false, framing: .length(1)) == .none)
        exchange.replied()
        #expect(exchange.isSettled)
        #expect(!exchange.mustClose)
    }

    @Test("only the answer is missing once the body is whole, until it begins")
    func unanswered() {
        var exchange = ExchangeTests.exchange()
        _ = exchange.gather(limit: 10)
        #expect(!exchange.isUnanswered)
        exchange.bodyEnded()
        #expect(exchange.isUnanswered)
        exchange.began(.chunked, length: nil)
        #expect(!exchange.isUnanswered)
        var streamed = ExchangeTests.exchange { $0.contentLength = 5 }
        _ = streamed.stream(limit: 10)
        #expect(streamed.isPaused && !streamed.isUnanswered)
        _ = streamed.pause(false)
        streamed.bodyEnded()
        #expect(streamed.isUnanswered)
    }

    @Test("a body over the limit is refused by its length, or when it gets there")
    func tooLarge() {
        var declared = ExchangeTests.exchange { $0.contentLength = 11 }
        #expect(declared.gather(limit: 10) == .tooLarge)
        #expect(declared.body == .discarding(left: 100))
        var chunked = ExchangeTests.exchange { $0.contentLength = nil }
        #expect(chunked.gather(limit: 10) == .keep)
        #expect(chunked.received(10) == .keep)
        #expect(chunked.received(1) == .tooLarge)
        #expect(chunked.received(1) == .skip)
    }

    @Test("an unwanted body is read up to the allowance, and past it the connection ends")
    func allowance() {
        var exchange = ExchangeTests.exchange { $0.contentLength = nil }
        exchange.discard()
        exchange.replied()
        #expect(exchange.received(100) == .skip)
        #expect(!exchange.isSettled)
        #expect(exchange.received(1) == .overrun)
        #expect(exchange.isSettled)
        #expect(exchange.mustClose)
    }

    @Test("an unwanted body that is known to be longer ends the connection, and the response says so")
    func declaredLong() {
        var exchange = ExchangeTests.exchange { $0.contentLength = 101 }
        #expect(exchange.connectionOption(isDraining: false, framing: .length(0)) == .close)
        exchange.replied()
        exchange.discard()
        #expect(exchange.body == .abandoned)
        #expect(exchange.isSettled)
    }

    @Test("a response in place of 100 ends the connection")
    func noContinue() {
        var exchange = ExchangeTests.exchange {
            $0.contentLength = 5
            $0.expectsContinue = true
        }
        #expect(exchange.gather(limit: 4) == .tooLarge)
        #expect(!exchange.owesContinue)
        #expect(exchange.connectionOption(isDraining: false, framing: .length(0)) == .close)
    }

    @Test("a response before the body's end gives the rest up")
    func early() {
        var exchange = ExchangeTests.exchange { $0.contentLength = 50 }
        #expect(exchange.gather(limit: 60) == .keep)
        #expect(exchange.received(10) == .keep)
        exchange.replied()
        #expect(exchange.body == .discarding(left: 100))
        exchange.bodyEnded()
        #expect(exchange.isSettled && !exchange.mustClose)
    }

    @Test("draining, HTTP/1.0 and a body told by the connection's end decide what is said of it")
    func options() {
        var plain = ExchangeTests.exchange()
        #expect(plain.connectionOption(isDraining: true, framing: .length(0)) == .close)
        #expect(plain.mustClose)
        var old = ExchangeTests.exchange { $0.isVersion10 = true }
        #expect(old.connectionOption(isDraining: false, framing: .length(0)) == .keepAlive)
        #expect(old.connectionOption(isDraining: false, framing: .untilClose) == .close)
    }

    @Test("no more is written than the length that was told, and nothing to HEAD")
    func owed() {
        var exchange = ExchangeTests.exchange()
        exchange.began(.length(5), length: 5)
        #expect(exchange.mayWrite(3) == 3)
        #expect(exchange.mayWrite(3) == 2)
        #expect(exchange.mayWrite(1) == 0)
        var head = ExchangeTests.exchange { $0.method = .head }
        head.began(.length(5), length: 5)
        #expect(head.mayWrite(5) == 0)
        #expect(head.reply == .streaming(.length(5), left: 0))
    }
}
