using Holoflow.Holography.Averaging;

namespace Holoflow.Holography.Regridding;

/// <summary>
/// The unit in which planes are regridded (HOLOGRAPHY eq. 6): 16 channels (lanes) of the 8 real components (XX, XY, YX, YY; real, imaginary) of one antenna.
/// Regridded blocks are [pixel][8][16] single precision, so that power and Stokes run across lanes.
/// </summary>
public static class ChannelBlock
{
    /// <summary>Channels of a block; the last block's surplus lanes are zero and not valid.</summary>
    public const int Lanes = 16;

    /// <summary>Real components of a voltage: 4 products, real and imaginary.</summary>
    public const int Components = 2 * Product.Count;

    /// <summary>Floats a pixel.</summary>
    public const int Width = Lanes * Components;

    /// <summary>Number of blocks for a number of channels.</summary>
    public static int Count(int channels) => (channels + Lanes - 1) / Lanes;

    /// <summary>
    /// Gathers a block of an antenna's voltages into [P][8][16], flagged points as zero.
    /// </summary>
    /// <returns>By lane, the flagged points; null for a surplus lane.</returns>
    internal static List<int>?[] Gather(BeamVoltages voltages, int antenna, int firstChannel, Span<float> block)
    {
        var flagged = new List<int>?[Lanes];
        var used = Math.Min(Lanes, voltages.Channels - firstChannel);
        for (var lane = 0; lane < used; lane++) flagged[lane] = [];
        var (values, flags) = (voltages.Values[antenna], voltages.Flags[antenna]);
        block.Clear();
        for (var p = 0; p < voltages.Points; p++)
        {
            var to = block.Slice(p * Width, Width);
            var sample = voltages.Index(p, firstChannel);
            for (var lane = 0; lane < used; lane++, sample++)
            {
                if (flags[sample])
                {
                    flagged[lane]!.Add(p);
                    continue;
                }

                for (var component = 0; component < Components; component++)
                    to[(component * Lanes) + lane] = values[(sample * Components) + component];
            }
        }

        return flagged;
    }
}
