namespace Holoflow.Domain.Schedules;

/// <summary>One thing that is wrong with a schedule as a person wrote it.</summary>
/// <param name="Field">The part of the definition that is wrong: <c>cron</c>, <c>interval</c>, <c>anchorDate</c>, <c>rrule</c>, <c>timeZone</c>, <c>dayOr</c>,
/// or <c>schedule</c> for the definition as a whole.</param>
/// <param name="Message">What is wrong, the text it is about, and what would be right.</param>
public sealed record ScheduleMistake(string Field, string Message);

/// <summary>A schedule that cannot be understood; it carries every mistake that was found, not only the first.</summary>
public sealed class InvalidScheduleException : FormatException
{
    public InvalidScheduleException(IReadOnlyList<ScheduleMistake> mistakes)
        : base(string.Join("; ", mistakes.Select(m => m.Message))) => Mistakes = mistakes;

    public IReadOnlyList<ScheduleMistake> Mistakes { get; }
}
