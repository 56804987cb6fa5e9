/// Days and dates of the proleptic Gregorian calendar, which PostgreSQL uses for all of time.
enum Calendar {
    /// The day's number, 0 for 1970-01-01. Years count astronomically: 0 is 1 BC.
    static func day(year: Int, month: Int, day: Int) -> Int {
        // The year is taken to begin in March, so that the leap day is its last.
        let marchYear = month <= 2 ? year - 1 : year
        let era = (marchYear >= 0 ? marchYear : marchYear - 399) / 400
        let yearOfEra = marchYear - era * 400
        let dayOfYear = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1
        return era * 146_097 + yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear - 719_468
    }

    /// How many days a month has.
    static func days(inMonth month: Int, year: Int) -> Int {
        switch month {
        case 2: year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) ? 29 : 28
        case 4, 6, 9, 11: 30
        default: 31
        }
    }
}
