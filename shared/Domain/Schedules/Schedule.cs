namespace Holoflow.Domain.Schedules;

/// <summary>When a deployment's runs are due. Schedules are immutable, ask no clock, and repeat the same answer for ever.</summary>
public abstract class Schedule
{
    /// <summary>The first fire time after <paramref name="after"/> (never equal to it), with the offset of the schedule's zone; null where none is left.</summary>
    public abstract DateTimeOffset? Next(DateTimeOffset after);

    /// <summary>The fire times after <paramref name="after"/>, in order, without repeats; endless for most schedules.</summary>
    public virtual IEnumerable<DateTimeOffset> Occurrences(DateTimeOffset after)
    {
        for (var next = Next(after); next is { } fireTime; next = Next(fireTime))
            yield return fireTime;
    }

    /// <summary>Reads a definition.</summary>
    /// <exception cref="InvalidScheduleException">The definition is wrong: all its mistakes at once.</exception>
    public static Schedule Parse(ScheduleDefinition definition) =>
        TryParse(definition, out var mistakes) ?? throw new InvalidScheduleException(mistakes);

    /// <summary>Reads a definition, or answers null and every mistake in it.</summary>
    public static Schedule? TryParse(ScheduleDefinition definition, out IReadOnlyList<ScheduleMistake> mistakes)
    {
        var reader = new ScheduleReader(definition);
        var schedule = reader.Read();
        mistakes = reader.Mistakes;
        return mistakes.Count == 0 ? schedule : null;
    }
}
