using System.Runtime.InteropServices;
using Holoflow.Holography;
using Holoflow.Holography.MeasurementSets;
using Holoflow.Holography.Tables;
using Holoflow.HolographyFlow.Observations;

namespace Holoflow.HolographyFlow.Validation;

/// <summary>
/// H2: reads a MeasurementSet's tables, index columns and flags, and its visibilities at both ends, so that a short file is found before anything is
/// allocated. What is wrong goes into the report; other beams go on. Holds one block of rows.
/// </summary>
static class MeasurementSetValidation
{
    const int BlockRows = 4096;
    static readonly int[] LinearCorrelations = [9, 10, 11, 12];

    /// <summary>Validates.</summary>
    /// <param name="file">The MeasurementSet.</param>
    /// <param name="referenceAntenna">Name of the reference antenna: only its rows' flags are counted.</param>
    /// <param name="progress">Told rows done and their total.</param>
    /// <param name="cancellation">Stops between blocks.</param>
    public static BeamReport Validate(BeamFile file, string referenceAntenna, Action<long, long> progress, CancellationToken cancellation)
    {
        var report = new BeamReport { Beam = file.Beam, Path = file.Path, Fingerprint = file.Fingerprint };
        try
        {
            using var set = MeasurementSet.Open(file.Path);
            var problems = Structure(set).ToArray();
            return problems.Length > 0
                ? report with { Problems = problems }
                : Survey(set, report, IndexOf(set, referenceAntenna), progress, cancellation);
        }
        catch (MeasurementSetException e)
        {
            return report with { Problems = e.Problems.Count > 0 ? e.Problems : [e.Message] };
        }
        catch (Exception e) when (e is TableFormatException or EndOfStreamException)
        {
            return report with { Problems = [e.Message] };
        }
    }

    static IEnumerable<string> Structure(MeasurementSet set)
    {
        if (set.Main.RowCount == 0)
            yield return $"{set.Path}: the main table has no rows";
        if (set.SpectralWindows.Count != 1 || set.DataDescriptions.Count != 1)
            yield return $"{set.Path}: it has {set.SpectralWindows.Count} spectral windows and {set.DataDescriptions.Count} data descriptions; one of each would be right";
        if (set.Polarizations.Count == 0 || !set.Polarizations[0].CorrelationTypes.SequenceEqual(LinearCorrelations))
            yield return $"{set.Path}: its correlations are [{string.Join(", ", set.Polarizations.SelectMany(p => p.CorrelationTypes))}]; [9, 10, 11, 12] (XX, XY, YX, YY) would be right";
        if (set.Fields.Count == 0)
            yield return $"{set.Path}: FIELD has no rows";
    }

    static BeamReport Survey(MeasurementSet set, BeamReport report, int reference, Action<long, long> progress, CancellationToken cancellation)
    {
        var window = set.SpectralWindows[0];
        var (channels, correlations) = set.Main.CellShape(0);
        if (channels != window.ChannelFrequency.Length)
            return report with { Problems = [$"{set.Path}: DATA has {channels} channels, SPECTRAL_WINDOW {window.ChannelFrequency.Length}"] };
        var survey = new RowSurvey(set.Antennas.Count, reference);
        var rows = new MainRows(BlockRows);
        for (long first = 0; first < set.Main.RowCount; first += BlockRows)
        {
            cancellation.ThrowIfCancellationRequested();
            var count = (int)Math.Min(BlockRows, set.Main.RowCount - first);
            set.Main.Read(first, count, rows);
            survey.AddIndices(rows);
            foreach (var (start, length) in ReferenceRows.Runs(rows, reference, ReferenceRows.LongestRun(channels)))
            {
                var flags = new bool[length * channels * correlations];
                set.Main.ReadFlags(first + start, length, flags);
                survey.AddFlags(rows, start, length, flags);
            }
            progress(first + count, set.Main.RowCount);
        }
        TouchEnds(set, channels * correlations);
        return survey.Complete(report, set) with
        {
            FrequenciesHz = window.ChannelFrequency,
            ChannelWidthHz = Math.Abs(window.ChannelWidth[0]),
            FieldName = set.Fields[0].Name,
            Rows = set.Main.RowCount,
            PointingRows = set.Pointing.RowCount,
            FeedOffsetDegrees = FeedOffset(set, report.Beam),
        };
    }

    // A file that was cut short lacks its end: the last row of each large column lies there.
    static void TouchEnds(MeasurementSet set, int samples)
    {
        var data = new ComplexSingle[samples];
        Span<float> weights = stackalloc float[LinearCorrelations.Length];
        foreach (var row in new[] { 0, set.Main.RowCount - 1 })
        {
            set.Main.ReadData(row, 1, data);
            set.Main.ReadWeights(row, 1, weights);
        }
    }

    static double[] FeedOffset(MeasurementSet set, int beam) =>
        set.Feeds.FirstOrDefault(feed => feed.FeedId == beam) is { BeamOffset: [var l, var m, ..] } ? [Angles.Degrees(l), Angles.Degrees(m)] : [0, 0];

    static int IndexOf(MeasurementSet set, string name) => set.Antennas.TakeWhile(antenna => antenna.Name != name).Count() is var index && index < set.Antennas.Count ? index : -1;

    /// <summary>What the rows tell, gathered block by block.</summary>
    sealed class RowSurvey(int antennas, int reference)
    {
        readonly bool[] _present = new bool[antennas];
        readonly long[] _samples = new long[antennas];
        readonly long[] _flagged = new long[antennas];
        readonly SortedSet<int> _feeds = [];
        readonly HashSet<int> _scans = [];
        readonly HashSet<double> _times = [];
        long _referenceRows;

        public void AddIndices(MainRows rows)
        {
            for (var row = 0; row < rows.Count; row++)
            {
                _feeds.Add(rows.Feed1[row]);
                _feeds.Add(rows.Feed2[row]);
                _scans.Add(rows.ScanNumber[row]);
                _times.Add(rows.Time[row]);
                if (rows.Antenna1[row] == rows.Antenna2[row])
                    continue;
                (_present[rows.Antenna1[row]], _present[rows.Antenna2[row]]) = (true, true);
            }
        }

        public void AddFlags(MainRows rows, int start, int length, ReadOnlySpan<bool> flags)
        {
            var cell = flags.Length / length;
            for (var row = 0; row < length; row++)
            {
                int a = rows.Antenna1[start + row], b = rows.Antenna2[start + row];
                long bad = rows.FlagRow[start + row] ? cell : MemoryMarshal.AsBytes(flags.Slice(row * cell, cell)).Count((byte)1);
                (_samples[a], _flagged[a]) = (_samples[a] + cell, _flagged[a] + bad);
                (_samples[b], _flagged[b]) = (_samples[b] + cell, _flagged[b] + bad);
                _referenceRows++;
            }
        }

        public BeamReport Complete(BeamReport report, MeasurementSet set)
        {
            var moved = BoresightTravel.Measure(set);
            return report with
            {
                Antennas = [.. set.Antennas.Select((antenna, a) => new AntennaFacts(antenna.Name, _present[a], Fraction(_flagged[a], _samples[a]), moved[a]))],
                FeedIds = [.. _feeds],
                Integrations = _times.Count,
                Scans = _scans.Count,
                FirstScan = _scans.Min(),
                LastScan = _scans.Max(),
                ReferenceRows = _referenceRows,
                FlaggedFraction = reference < 0 ? 1 : Fraction(_flagged[reference], _samples[reference]),
            };
        }

        static double Fraction(long part, long whole) => whole == 0 ? 1 : (double)part / whole;
    }
}
