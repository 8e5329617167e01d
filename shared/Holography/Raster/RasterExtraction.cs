namespace Holoflow.Holography.Raster;

/// <summary>
/// Takes the achieved raster from pointing rows joined to MAIN by scan and time: robust where jumps in declination are not
/// (defect 14 of the pipeline that this replaces). HOLOGRAPHY eq. 5, sections 9.1 (H4) and 9.6.
/// </summary>
public static class RasterExtraction
{
    /// <summary>
    /// Finds each scan's raster point from the array's median achieved offset, drops samples that are unsettled or off target, and averages
    /// what remains, by antenna and point. Repeated points are averaged; missing ones are marked.
    /// </summary>
    /// <param name="grid">The nominal raster.</param>
    /// <param name="source">Right ascension and declination of the source, rad.</param>
    /// <param name="tracks">Pointing by antenna, [A]; the reference's is not used.</param>
    /// <param name="reference">Number of the reference antenna.</param>
    /// <param name="integrations">Distinct integrations of MAIN in order of time, [n].</param>
    /// <param name="options">Tolerances.</param>
    /// <returns>Offsets [A][P] in rad with the samples to use.</returns>
    /// <exception cref="RasterException">
    /// No pointing rows without leave to go on nominally; a scan number out of range; a scan that is nowhere near a raster point; a
    /// tolerance of half a step or more.
    /// </exception>
    public static AchievedRaster Extract(
        RasterGrid grid,
        (double RightAscension, double Declination) source,
        IReadOnlyList<PointingTrack> tracks,
        int reference,
        IReadOnlyList<Integration> integrations,
        RasterExtractionOptions options)
    {
        if (!(options.PointingTolerance > 0 && options.PointingTolerance < grid.Step / 2))
        {
            throw new RasterException(
                $"pointingTolerance must be above 0 and below half the raster step ({Arcmin(grid.Step / 2)} arcmin), not {Arcmin(options.PointingTolerance)} arcmin");
        }

        CheckScans(grid, integrations, options);
        var settled = FindSettled(integrations, options);
        var nominal = tracks.Where((_, a) => a != reference).All(t => t.Count == 0);
        if (nominal && !options.NominalWithoutPointing)
            throw new RasterException("no target antenna has pointing rows; give nominalWithoutPointing to assume the nominal raster");
        var seen = nominal ? null : ProjectAll(source, tracks, integrations, options);
        var points = nominal ? [.. integrations.Select(i => (i.Scan - options.FirstScan) % grid.Count)]
            : FindPoints(grid, seen!, reference, integrations, settled);
        return Average(grid, seen, points, settled, tracks.Count, reference, options, nominal);
    }

    static void CheckScans(RasterGrid grid, IReadOnlyList<Integration> integrations, RasterExtractionOptions options)
    {
        var last = options.FirstScan + (options.MaxRepeats * grid.Count) - 1;
        foreach (var integration in integrations)
        {
            if (integration.Scan < options.FirstScan || integration.Scan > last)
                throw new RasterException($"scan number {integration.Scan} is out of range: a raster of {grid.Count} points uses {options.FirstScan} to {last}");
        }
    }

    static bool[] FindSettled(IReadOnlyList<Integration> integrations, RasterExtractionOptions options)
    {
        var settled = new bool[integrations.Count];
        var begin = 0.0;
        for (var i = 0; i < settled.Length; i++)
        {
            var now = integrations[i];
            var start = now.Time - (now.Exposure / 2);
            if (i == 0 || integrations[i - 1].Scan != now.Scan) begin = start;
            settled[i] = start - begin >= (options.SettleSeconds ?? now.Exposure) - (1e-3 * now.Exposure);
        }

        return settled;
    }

    static SkyOffset?[][] ProjectAll(
        (double RightAscension, double Declination) source, IReadOnlyList<PointingTrack> tracks, IReadOnlyList<Integration> integrations, RasterExtractionOptions options)
    {
        var seen = new SkyOffset?[tracks.Count][];
        for (var a = 0; a < seen.Length; a++)
        {
            seen[a] = new SkyOffset?[integrations.Count];
            for (var i = 0; i < integrations.Count; i++)
            {
                if (tracks[a].At(integrations[i].Time, 2 * integrations[i].Exposure) is { } at
                    && Orthographic.TryProject(source.RightAscension, source.Declination, at.RightAscension, at.Declination, options.PolAxis, out var offset))
                    seen[a][i] = offset;
            }
        }

        return seen;
    }

    static int[] FindPoints(
        RasterGrid grid, SkyOffset?[][] seen, int reference, IReadOnlyList<Integration> integrations, bool[] settled)
    {
        var points = new int[integrations.Count];
        for (var begin = 0; begin < points.Length;)
        {
            var end = begin;
            while (end < points.Length && integrations[end].Scan == integrations[begin].Scan) end++;
            var known = (from a in Enumerable.Range(0, seen.Length)
                         where a != reference
                         from i in Enumerable.Range(begin, end - begin)
                         where settled[i] && seen[a][i] is not null
                         select seen[a][i]!.Value).ToArray();
            var point = -1;
            if (known.Length > 0)
            {
                var middle = new SkyOffset(Median(known.Select(o => o.L)), Median(known.Select(o => o.M)));
                point = grid.Nearest(middle) ?? throw new RasterException(
                    $"scan {integrations[begin].Scan} stands at l = {Arcmin(middle.L)}, m = {Arcmin(middle.M)} arcmin, outside the {grid.Columns} x {grid.Rows} raster of step {Arcmin(grid.Step)} arcmin");
            }

            points.AsSpan(begin, end - begin).Fill(point);
            begin = end;
        }

        return points;
    }

    static AchievedRaster Average(
        RasterGrid grid, SkyOffset?[][]? seen, int[] points, bool[] settled, int antennas, int reference, RasterExtractionOptions options, bool nominal)
    {
        var offsets = new SkyOffset[antennas][];
        var present = new bool[antennas][];
        var use = new bool[antennas][];
        for (var a = 0; a < antennas; a++)
        {
            var sum = new SkyOffset[grid.Count];
            var hits = new int[grid.Count];
            use[a] = new bool[points.Length];
            for (var i = 0; i < points.Length; i++)
            {
                if (!settled[i] || points[i] < 0) continue;
                var target = grid[points[i]];
                SkyOffset? achieved = a == reference || nominal ? target : seen![a][i];
                if (achieved is not { } offset || (offset - target).Radius > options.PointingTolerance) continue;
                use[a][i] = true;
                sum[points[i]] += offset;
                hits[points[i]]++;
            }

            offsets[a] = [.. sum.Select((s, p) => hits[p] > 0 ? (1.0 / hits[p]) * s : grid[p])];
            present[a] = [.. hits.Select(h => h > 0)];
        }

        return new(grid, offsets, present, use, points, AchievedRaster.FindDropped(present, grid.Count, options.MaxMissingPoints, reference), nominal);
    }

    static double Median(IEnumerable<double> values)
    {
        var sorted = values.Order().ToArray();
        return sorted[sorted.Length / 2];
    }

    static string Arcmin(double radians) => (radians * 180 * 60 / Math.PI).ToString("0.##");
}
