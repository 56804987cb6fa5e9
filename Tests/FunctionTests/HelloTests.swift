import FunctionKit
import Testing

@testable import Hello

@Suite struct HelloTests {
    @Test("hello says hello")
    func hello() async throws {
        let function = try await Hello(.test())
        #expect(try await function.handle(NoInput(), .test()).message == "hello")
    }
}
