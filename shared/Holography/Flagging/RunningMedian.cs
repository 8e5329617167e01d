namespace Holoflow.Holography.Flagging;

/// <summary>Subtracts a running median from a line of samples; samples that are not a number take no part. Not for several threads at once.</summary>
sealed class RunningMedian(int halfWidth)
{
    readonly List<float> _window = new((2 * halfWidth) + 2);

    /// <summary>Subtracts the median of the samples within the half-width, each sample included.</summary>
    public void Subtract(ReadOnlySpan<float> line, Span<float> residual)
    {
        _window.Clear();
        for (var k = 0; k < Math.Min(halfWidth, line.Length); k++) Insert(line[k]);
        for (var i = 0; i < line.Length; i++)
        {
            if (i + halfWidth < line.Length) Insert(line[i + halfWidth]);
            if (i - halfWidth - 1 >= 0) Remove(line[i - halfWidth - 1]);
            residual[i] = _window.Count == 0 ? float.NaN : line[i] - Middle();
        }
    }

    float Middle()
    {
        var half = _window.Count / 2;
        return _window.Count % 2 == 1 ? _window[half] : 0.5f * (_window[half - 1] + _window[half]);
    }

    void Insert(float value)
    {
        if (float.IsNaN(value)) return;
        var at = _window.BinarySearch(value);
        _window.Insert(at < 0 ? ~at : at, value);
    }

    void Remove(float value)
    {
        if (!float.IsNaN(value)) _window.RemoveAt(_window.BinarySearch(value));
    }
}
