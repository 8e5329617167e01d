using Holoflow.RunProtocol.Journal;

namespace Holoflow.Sdk;

/// <summary>Writes progress a few times a second at most, the last report always, with an estimate of what is left.</summary>
sealed class ProgressReporter(IEntrySink entries, Guid? run, Guid? task)
{
    static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(200);

    readonly Lock _gate = new();
    readonly long _started = entries.Time.GetTimestamp();
    long _written;
    Progressed? _pending;

    public void Report(double? fraction, long? count, long? total, string? message)
    {
        if (fraction is not (null or (>= 0 and <= 1)))
            throw new ArgumentOutOfRangeException(nameof(fraction), fraction, "a fraction is from 0 to 1");
        var progress = new Progressed
        {
            Run = run,
            Task = task,
            Fraction = fraction,
            Count = count,
            Total = total,
            Message = message,
            SecondsLeft = SecondsLeft(fraction),
        };
        lock (_gate)
        {
            _pending = progress;
            if (_written == 0 || fraction == 1 || entries.Time.GetElapsedTime(_written) >= Interval)
                WritePending();
        }
    }

    public void Finish()
    {
        lock (_gate)
            WritePending();
    }

    // As fast as up to now, measured from the start.
    double? SecondsLeft(double? fraction) => fraction > 0
        ? Math.Round(entries.Time.GetElapsedTime(_started).TotalSeconds * (1 - fraction.Value) / fraction.Value, 3)
        : null;

    void WritePending()
    {
        if (_pending is null)
            return;
        entries.Append(_pending);
        _pending = null;
        _written = entries.Time.GetTimestamp();
    }
}
