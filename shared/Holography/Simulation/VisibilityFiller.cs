using System.Numerics;
using Holoflow.Holography.Averaging;
using Holoflow.Holography.Beams;
using Holoflow.Holography.Polarization;

namespace Holoflow.Holography.Simulation;

/// <summary>Fills a block with visibilities, noise, interference and flags.</summary>
sealed class VisibilityFiller(SimulationOptions options, Complex[][] gains, VisibilityBlock block)
{
    readonly double _sigma = options.Sefd > 0 ? Sensitivity.Noise(options.Sefd, options.ChannelWidth, options.IntegrationSeconds) : 0;
    readonly HashSet<(int, int)> _missingPoints = [.. options.MissingPoints];
    readonly HashSet<int> _missingAntennas = [.. options.MissingAntennas];

    /// <summary>Fills one integration. While settling, the mean of this point's and the last point's response stands for the sweep between them.</summary>
    public void Fill(BeamPatterns patterns, int point, bool settling, int beam, int integration)
    {
        Parallel.For(0, block.Rows, row =>
        {
            var (a, b) = (block.Antenna1[row], block.Antenna2[row]);
            var random = new SeededGaussian(options.Seed, 4, beam, integration, row);
            var data = block.RowData(row);
            for (var c = 0; c < block.Channels; c++)
            {
                var v = Response(patterns, a, b, point, c);
                if (settling && point > 0) v = new Complex(0.5, 0) * (v + Response(patterns, a, b, point - 1, c));
                v = Brightness(row, c) * v;
                Store(data, (8 * c) + (2 * Product.XX), v.XX, random);
                Store(data, (8 * c) + (2 * Product.XY), v.XY, random);
                Store(data, (8 * c) + (2 * Product.YX), v.YX, random);
                Store(data, (8 * c) + (2 * Product.YY), v.YY, random);
            }

            AddInterference(data, random, integration);
            block.RowFlags(row).Fill(IsMissing(a, point) || IsMissing(b, point));
            block.RowWeights(row).Fill((float)(_sigma > 0 ? 1 / (_sigma * _sigma) : 1));
        });
    }

    Jones Response(BeamPatterns patterns, int a, int b, int point, int c)
    {
        var left = WithGains(patterns.At(a, point, c), gains[a], c);
        var right = WithGains(patterns.At(b, point, c), gains[b], c);
        return left * right.Adjoint;
    }

    static Jones WithGains(Jones j, Complex[] g, int c) => JonesAlgebra.ScaleRows(j, (g[2 * c], g[(2 * c) + 1]));

    Complex Brightness(int row, int c) => options.SourceModel is { } model
        ? 0.5 * model.Visibility(block.Uvw[3 * row], block.Uvw[(3 * row) + 1], options.Frequencies[c])
        : new Complex(options.Flux / 2, 0);

    void Store(Span<float> data, int at, Complex value, SeededGaussian random)
    {
        data[at] = (float)(value.Real + (_sigma > 0 ? random.Normal(_sigma) : 0));
        data[at + 1] = (float)(value.Imaginary + (_sigma > 0 ? random.Normal(_sigma) : 0));
    }

    void AddInterference(Span<float> data, SeededGaussian random, int integration)
    {
        foreach (var rfi in options.Interference)
        {
            // Whether it is on is common to all baselines; its phase is not.
            if (new SeededGaussian(options.Seed, 5, rfi.Channel, integration).Uniform() >= rfi.Occupancy) continue;
            for (var product = 0; product < Product.Count; product++)
            {
                var value = Complex.FromPolarCoordinates(rfi.Amplitude, 2 * Math.PI * random.Uniform());
                data[(8 * rfi.Channel) + (2 * product)] += (float)value.Real;
                data[(8 * rfi.Channel) + (2 * product) + 1] += (float)value.Imaginary;
            }
        }
    }

    bool IsMissing(int antenna, int point) => _missingAntennas.Contains(antenna) || _missingPoints.Contains((antenna, point));
}
