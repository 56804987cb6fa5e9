/// Which labels IDNA2008 allows (RFC 5891, section 4.2.3, and RFC 5892). Derived from the standard library's tables;
/// normalisation form C and the rules for right-to-left labels are not looked at.
enum InternationalLabel {
    static func isAllowed(_ label: [Unicode.Scalar]) -> Bool {
        guard let first = label.first, label.contains(where: { !$0.isASCII }), !isMark(first) else { return false }
        if first == "-" || label.last == "-" { return false }
        if label.count >= 4, label[2] == "-", label[3] == "-" { return false }
        for (index, scalar) in label.enumerated() {
            guard isValid(scalar) || isValidHere(label, index) else { return false }
        }
        return true
    }

    private static func isMark(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.properties.generalCategory {
        case .nonspacingMark, .spacingMark, .enclosingMark: true
        default: false
        }
    }

    /// PVALID by RFC 5892, section 3.
    private static func isValid(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.value {
        // Section 2.6, exceptions.
        case 0xDF, 0x3C2, 0x6FD, 0x6FE, 0xF0B, 0x3007: return true
        case 0x640, 0x7FA, 0x302E, 0x302F, 0x3031...0x3035, 0x303B: return false
        case 0x660...0x669, 0x6F0...0x6F9: return false
        // Section 2.9, old Hangul.
        case 0x1100...0x11FF, 0xA960...0xA97C, 0xD7B0...0xD7FB: return false
        case 0..<0x80:
            return scalar == "-" || (0x61...0x7A).contains(scalar.value) || (0x30...0x39).contains(scalar.value)
        default: break
        }
        let properties = scalar.properties
        guard !properties.changesWhenNFKCCaseFolded, !properties.isDefaultIgnorableCodePoint,
            !properties.isNoncharacterCodePoint, !properties.isWhitespace
        else { return false }
        switch properties.generalCategory {
        case .lowercaseLetter, .uppercaseLetter, .otherLetter, .modifierLetter, .decimalNumber, .nonspacingMark,
            .spacingMark:
            return true
        default: return false
        }
    }

    /// The characters that are valid beside certain others only (RFC 5892, appendix A).
    private static func isValidHere(_ label: [Unicode.Scalar], _ index: Int) -> Bool {
        let before = index > 0 ? label[index - 1] : nil
        let after = index + 1 < label.count ? label[index + 1] : nil
        switch label[index].value {
        case 0x200D: return before.map(isVirama) ?? false
        case 0x200C: return before.map(isVirama) ?? false || joins(label, around: index)
        case 0xB7: return before == "l" && after == "l"
        case 0x375:
            return after.map { (0x370...0x3FF).contains($0.value) || (0x1F00...0x1FFF).contains($0.value) } ?? false
        case 0x5F3, 0x5F4: return before.map { (0x591...0x5F4).contains($0.value) } ?? false
        case 0x30FB: return label.contains(where: isJapanese)
        case 0x660...0x669: return !label.contains { (0x6F0...0x6F9).contains($0.value) }
        case 0x6F0...0x6F9: return !label.contains { (0x660...0x669).contains($0.value) }
        default: return false
        }
    }

    private static func isVirama(_ scalar: Unicode.Scalar) -> Bool {
        scalar.properties.canonicalCombiningClass == .virama
    }

    /// Hiragana, Katakana or Han.
    private static func isJapanese(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.value {
        case 0x3041...0x3096, 0x309D...0x309F, 0x30A1...0x30FA, 0x30FD...0x30FF, 0x31F0...0x31FF, 0x3005, 0x3007:
            true
        default: scalar.properties.isIdeographic
        }
    }

    /// Whether letters that join stand on both sides, marks aside.
    private static func joins(_ label: [Unicode.Scalar], around index: Int) -> Bool {
        var left = index - 1
        while left >= 0, isMark(label[left]) { left -= 1 }
        var right = index + 1
        while right < label.count, isMark(label[right]) { right += 1 }
        guard left >= 0, right < label.count else { return false }
        return joinsOnward(label[left]) && joinsBack(label[right])
    }

    /// A letter that joins the next one.
    private static func joinsOnward(_ scalar: Unicode.Scalar) -> Bool {
        joinsBack(scalar) && !isRightJoining(scalar.value)
    }

    /// A letter that joins the one before it, in the scripts of most names that need this: Arabic, Syriac, N'Ko.
    private static func joinsBack(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.value {
        case 0x620, 0x622...0x63F, 0x641...0x64A, 0x66E...0x66F, 0x671...0x673, 0x675...0x6D3, 0x6D5,
            0x6EE...0x6EF, 0x6FA...0x6FC, 0x6FF, 0x710, 0x712...0x72F, 0x74D...0x77F, 0x7CA...0x7EA:
            true
        default: false
        }
    }

    private static func isRightJoining(_ value: UInt32) -> Bool {
        switch value {
        case 0x622...0x625, 0x627, 0x629, 0x62F...0x632, 0x648, 0x671...0x673, 0x675...0x677, 0x688...0x699,
            0x6C0, 0x6C3...0x6CB, 0x6CD, 0x6CF, 0x6D2, 0x6D3, 0x6D5, 0x6EE, 0x6EF, 0x710, 0x715...0x719, 0x71E,
            0x728, 0x72A, 0x72C, 0x72F, 0x74D, 0x759...0x75B, 0x76B, 0x76C, 0x771, 0x773, 0x774, 0x778, 0x779:
            true
        default: false
        }
    }
}
