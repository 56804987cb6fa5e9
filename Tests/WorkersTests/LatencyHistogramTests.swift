import Testing

@testable import Workers

@Suite struct LatencyHistogramTests {
    @Test("nothing counted has no percentile")
    func empty() {
        #expect(LatencyHistogram().percentile(0.5) == nil)
    }

    @Test(
        "a percentile is at most a quarter above the truth, and never below it",
        arguments: [1, 3, 4, 5, 7, 8, 100, 999, 1000, 65_535, 1_000_000, 3_600_000_000] as [UInt64])
    func precision(microseconds: UInt64) throws {
        var histogram = LatencyHistogram()
        histogram.record(microseconds: microseconds)
        let found = try #require(histogram.percentile(0.99))
        let truth = Double(microseconds) / 1000
        #expect(found >= truth)
        #expect(found <= truth * 1.25 + 0.001)
    }

    @Test("percentiles of many are told apart")
    func distribution() throws {
        var histogram = LatencyHistogram()
        for value in 1...1000 as ClosedRange<UInt64> { histogram.record(microseconds: value * 1000) }
        let median = try #require(histogram.percentile(0.5))
        let high = try #require(histogram.percentile(0.99))
        #expect((500...625).contains(median))
        #expect((990...1240).contains(high))
        var sum = histogram
        sum.add(histogram)
        #expect(sum.total == 2000)
        #expect(sum.percentile(0.5) == histogram.percentile(0.5))
    }
}
