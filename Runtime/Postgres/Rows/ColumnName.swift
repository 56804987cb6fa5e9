/// Names of columns and properties.
enum ColumnName {
    /// Whether two names are the same but for ASCII letter case and underscores: `createdAt` and `created_at`,
    /// `userID` and `user_id`.
    static func matches(_ first: UnsafeBufferPointer<UInt8>, _ second: UnsafeBufferPointer<UInt8>) -> Bool {
        var one = 0
        var other = 0
        while true {
            while one < first.count, first[one] == UInt8(ascii: "_") { one += 1 }
            while other < second.count, second[other] == UInt8(ascii: "_") { other += 1 }
            guard one < first.count, other < second.count else {
                return one == first.count && other == second.count
            }
            guard lowered(first[one]) == lowered(second[other]) else { return false }
            one += 1
            other += 1
        }
    }

    private static func lowered(_ byte: UInt8) -> UInt8 {
        byte >= UInt8(ascii: "A") && byte <= UInt8(ascii: "Z") ? byte | 0x20 : byte
    }
}
