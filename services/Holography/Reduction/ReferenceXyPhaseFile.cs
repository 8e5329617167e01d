using System.Numerics;
using Holoflow.HolographyFlow.Observations;

namespace Holoflow.HolographyFlow.Reduction;

/// <summary>
/// The reference antenna's Y to X gain ratio by channel, conj(g_y / g_x): JSON with amplitudes and phases. Off-diagonal terms keep that ratio, common to all
/// targets; HOLOGRAPHY eq. 2.
/// </summary>
/// <param name="Amplitude">[C].</param>
/// <param name="PhaseDegrees">[C].</param>
sealed record ReferenceXyPhaseFile(double[] Amplitude, double[] PhaseDegrees)
{
    /// <summary>Reads the ratios.</summary>
    /// <exception cref="InputException">The file is missing, or does not hold a finite ratio for every channel.</exception>
    public static Complex[] Read(string path, int channels)
    {
        var file = FlowJson.Read<ReferenceXyPhaseFile>(path);
        if (file.Amplitude.Length != channels || file.PhaseDegrees.Length != channels || file.Amplitude.Any(a => !(a > 0 && double.IsFinite(a))) || !file.PhaseDegrees.All(double.IsFinite))
            throw new InputException([$"{path}: amplitude and phaseDegrees must each hold {channels} finite numbers, one a channel, amplitudes above 0; they hold {file.Amplitude.Length} and {file.PhaseDegrees.Length}"]);
        return [.. file.Amplitude.Zip(file.PhaseDegrees, (amplitude, phase) => Complex.FromPolarCoordinates(amplitude, Angles.Radians(phase)))];
    }
}
