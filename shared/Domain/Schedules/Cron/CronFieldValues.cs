using System.Numerics;

namespace Holoflow.Domain.Schedules.Cron;

/// <summary>The values of one field as bits, with what only the day fields can say besides.</summary>
/// <param name="Bits">Bit n is value n.</param>
/// <param name="LastDay">Day of month: <c>L</c>.</param>
/// <param name="Ordinals">Day of week: bit 8 × weekday + n is the n-th such day of the month (1 to 5); n = 0 is the last one.</param>
/// <param name="IsAll">Every value is in it, so the field restricts nothing.</param>
/// <param name="HasStar">Written with <c>*</c>.</param>
readonly record struct CronFieldValues(ulong Bits, bool LastDay, ulong Ordinals, bool IsAll, bool HasStar)
{
    public bool Contains(int value) => (Bits >> value & 1) != 0;

    /// <summary>The smallest value not under <paramref name="least"/>, or -1.</summary>
    public int AtLeast(int least)
    {
        var rest = least > 63 ? 0 : Bits >> least;
        return rest == 0 ? -1 : least + BitOperations.TrailingZeroCount(rest);
    }

    public int First => BitOperations.TrailingZeroCount(Bits);
}
