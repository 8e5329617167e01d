namespace Holoflow.HolographyFlow.Admission;

/// <summary>How much disk a reduction takes. HOLOGRAPHY sections 9.3 and 9.4.</summary>
static class DiskEstimate
{
    const double Reserve = 1.2;

    /// <summary>Bytes to have free: the estimate with its reserve.</summary>
    public static long Needed(int antennas, int points, int channels, int pixels, int beams, int expectedBeams)
    {
        // Voltages and weights of four products, and a flag, per antenna, point and channel.
        long voltages = (long)antennas * points * channels * (32 + 16 + 2);
        long planes = 4L * channels * pixels * pixels * sizeof(float);
        // Mean, its error, the cleaned planes and their weights of each beam; the cube and its weights.
        return (long)(Reserve * ((beams * (voltages + (4 * planes))) + (expectedBeams * 2 * planes)));
    }
}
