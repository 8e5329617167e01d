namespace Holoflow.Agent.Follow;

/// <summary>
/// Tells now and then how a line stands that its writer draws over again and again and does not end (a progress bar): soon at first, more rarely the longer it goes on.
/// </summary>
/// <param name="every">The shortest time between two tellings.</param>
/// <param name="time">The clock.</param>
sealed class DrawnOver(TimeSpan every, TimeProvider time)
{
    /// <summary>The longest time between two tellings, in shortest ones.</summary>
    const int Slowest = 10;

    /// <summary>The part of the time that a line has gone on after which it is told again.</summary>
    const int Part = 20;

    long _line = -1;
    DateTimeOffset? _since;
    DateTimeOffset _due;
    string _told = "";

    /// <summary>How the unfinished line of <paramref name="tail"/> stands, where it is time to tell and there is something new.</summary>
    public (long Number, string Text)? Take(LineTail tail)
    {
        var now = time.GetUtcNow();
        // Of a line that was cut the beginning is counted already.
        var line = tail.Position.Skipping ? tail.Position.Lines - 1 : tail.Position.Lines;
        if (line != _line)
            (_line, _since, _told) = (line, null, "");
        if (_since is not null && now < _due)
            return null;
        if (tail.Unfinished() is not { } drawn)
            return null;
        _since ??= now;
        _due = now + TimeSpan.FromTicks(Math.Clamp((now - _since.Value).Ticks / Part, every.Ticks, every.Ticks * Slowest));
        if (now == _since || drawn.Text == _told)
            return null;
        _told = drawn.Text;
        return drawn;
    }
}
