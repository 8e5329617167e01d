namespace Holoflow.Holography.Raster;

/// <summary>
/// Where one antenna pointed over time, as the POINTING table recorded it: samples in order of time. HOLOGRAPHY section 7, defect 14: a join by time, whatever
/// the raster's order.
/// </summary>
public sealed class PointingTrack
{
    readonly double[] _time;
    readonly double[] _rightAscension;
    readonly double[] _declination;

    /// <summary>A track from its columns; sorted by time here.</summary>
    /// <param name="time">Times, [n], s (MJD seconds as in the table).</param>
    /// <param name="rightAscension">[n], rad.</param>
    /// <param name="declination">[n], rad.</param>
    /// <exception cref="ArgumentException">Columns of different length.</exception>
    public PointingTrack(ReadOnlySpan<double> time, ReadOnlySpan<double> rightAscension, ReadOnlySpan<double> declination)
    {
        if (time.Length != rightAscension.Length || time.Length != declination.Length)
            throw new ArgumentException($"pointing columns differ in length: {time.Length}, {rightAscension.Length}, {declination.Length}", nameof(time));
        var order = Enumerable.Range(0, time.Length).ToArray();
        Array.Sort(time.ToArray(), order);
        _time = Pick(time, order);
        _rightAscension = Pick(rightAscension, order);
        _declination = Pick(declination, order);
    }

    /// <summary>Number of samples.</summary>
    public int Count => _time.Length;

    /// <summary>
    /// The direction at a time, linear between the neighbouring samples, or null where no finite sample lies within
    /// <paramref name="reach"/> s. Angles in rad; a wrap of right ascension between samples is taken the short way.
    /// </summary>
    public (double RightAscension, double Declination)? At(double time, double reach)
    {
        var next = Array.BinarySearch(_time, time);
        if (next < 0) next = ~next;
        else if (IsFinite(next)) return (_rightAscension[next], _declination[next]);
        var before = next - 1;
        while (before >= 0 && !IsFinite(before)) before--;
        while (next < _time.Length && !IsFinite(next)) next++;
        var hasBefore = before >= 0 && time - _time[before] <= reach;
        var hasNext = next < _time.Length && _time[next] - time <= reach;
        if (!hasBefore && !hasNext) return null;
        if (!hasNext) return (_rightAscension[before], _declination[before]);
        if (!hasBefore) return (_rightAscension[next], _declination[next]);
        var fraction = (time - _time[before]) / Math.Max(_time[next] - _time[before], double.Epsilon);
        var turn = Math.IEEERemainder(_rightAscension[next] - _rightAscension[before], 2 * Math.PI);
        return (_rightAscension[before] + (fraction * turn), double.Lerp(_declination[before], _declination[next], fraction));
    }

    bool IsFinite(int k) => double.IsFinite(_rightAscension[k] + _declination[k]);

    static double[] Pick(ReadOnlySpan<double> values, int[] order)
    {
        var picked = new double[order.Length];
        for (var k = 0; k < order.Length; k++) picked[k] = values[order[k]];
        return picked;
    }
}
