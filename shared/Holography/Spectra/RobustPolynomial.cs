using Holoflow.Holography.LinearAlgebra;
using Holoflow.Holography.Means;

namespace Holoflow.Holography.Spectra;

/// <summary>How the order of a spectrum's polynomial is chosen.</summary>
public enum OrderBy
{
    /// <summary>Bayesian information criterion, n ln(RSS/n) + k ln n.</summary>
    Bic,

    /// <summary>Akaike information criterion, n ln(RSS/n) + 2 k.</summary>
    Aic,

    /// <summary>Always the highest order allowed.</summary>
    Fixed,
}

/// <summary>Parameters of <see cref="RobustPolynomial"/>; ranges as in HOLOGRAPHY section 9.3.</summary>
public sealed record RobustPolynomialOptions
{
    /// <summary>Highest order, 0 to 9.</summary>
    public int MaxOrder { get; init; } = 5;

    /// <summary>How the order is chosen.</summary>
    public OrderBy OrderBy { get; init; } = OrderBy.Bic;

    /// <summary>Samples further from the fit than this many robust sigma are clipped, 2 to 10.</summary>
    public double SnrLimit { get; init; } = 3;

    /// <summary>Rounds of clipping at most.</summary>
    public int MaxIterations { get; init; } = 10;

    /// <summary>Refuses values outside their ranges.</summary>
    /// <exception cref="InvalidOperationException">Names the value and its range.</exception>
    public void Validate()
    {
        if (MaxOrder is < 0 or > 9) throw new InvalidOperationException($"maxOrder must be 0 to 9, not {MaxOrder}");
        if (!(SnrLimit is >= 2 and <= 10)) throw new InvalidOperationException($"snrLimit must be 2 to 10, not {SnrLimit}");
        if (MaxIterations < 1) throw new InvalidOperationException($"maxIterations must be at least 1, not {MaxIterations}");
    }
}

/// <summary>
/// Iteratively clipped polynomial in frequency. HOLOGRAPHY eq. 13: the order from 0 to max_order by an information criterion, clipping at
/// snr_limit robust sigma; a first guess at outliers from interior differences only, so that the ends are never outliers for want of a
/// neighbour (defect 8). An instance is for one set of abscissae and one thread; it allocates nothing per spectrum.
/// </summary>
public sealed class RobustPolynomial
{
    readonly RobustPolynomialOptions _options;
    readonly double[] _basis;
    readonly int _terms;
    readonly double[] _normal;
    readonly double[] _right;
    readonly double[] _coefficients;
    readonly double[] _scratch;
    readonly bool[] _next;

    /// <summary>A fitter for spectra sampled at the given abscissae.</summary>
    /// <param name="abscissae">[n], any unit, e.g. Hz.</param>
    /// <param name="options">Order and clipping.</param>
    /// <exception cref="ArgumentException">Abscissae without extent.</exception>
    /// <exception cref="InvalidOperationException">Options out of range.</exception>
    public RobustPolynomial(ReadOnlySpan<double> abscissae, RobustPolynomialOptions options)
    {
        options.Validate();
        _options = options;
        _terms = options.MaxOrder + 1;
        Count = abscissae.Length;
        var (low, high) = (double.PositiveInfinity, double.NegativeInfinity);
        foreach (var x in abscissae) (low, high) = (Math.Min(low, x), Math.Max(high, x));
        if (!(Count > 0) || !(Count == 1 || high > low)) throw new ArgumentException("the abscissae of a fit need an extent", nameof(abscissae));
        _basis = Legendre(abscissae, low, high, _terms);
        _normal = new double[_terms * _terms];
        _right = new double[_terms];
        _coefficients = new double[_terms];
        _scratch = new double[Count];
        _next = new bool[Count];
    }

    /// <summary>Samples of a spectrum, n.</summary>
    public int Count { get; }

    /// <summary>Order of the last fit.</summary>
    public int Order { get; private set; }

    /// <summary>Robust sigma of the last fit's residuals, in the unit of the values.</summary>
    public double Sigma { get; private set; }

    /// <summary>
    /// Fits one spectrum. On success <paramref name="model"/> holds the fit at every abscissa, flagged ones too, and
    /// <paramref name="used"/> the samples that were not clipped.
    /// </summary>
    /// <param name="values">[n]; NaN counts as flagged.</param>
    /// <param name="flagged">[n], true where not to be used.</param>
    /// <param name="model">Receives [n]; left as it is on failure.</param>
    /// <param name="used">Receives [n].</param>
    /// <returns>
    /// False where there are too few good samples for the lowest order that may be chosen (order + 2): such a spectrum must be flagged, not left at zero (defect 10).
    /// </returns>
    public bool Fit(ReadOnlySpan<double> values, ReadOnlySpan<bool> flagged, Span<double> model, Span<bool> used)
    {
        var good = 0;
        for (var i = 0; i < Count; i++)
        {
            used[i] = !flagged[i] && double.IsFinite(values[i]);
            if (used[i]) good++;
        }

        if (good < Least) return false;
        SpikeRejection.Reject(values, used, _options.SnrLimit, _scratch, _next);
        if (used.Count(true) < Math.Max(Least, good / 2)) RestoreAll(values, flagged, used);
        for (var iteration = 0; iteration < _options.MaxIterations; iteration++)
        {
            if (!Solve(values, used)) return false;
            var kept = Clip(values, flagged, used);
            if (kept < Least || kept < good / 2 || _next.AsSpan().SequenceEqual(used)) break;
            _next.CopyTo(used);
        }

        for (var i = 0; i < Count; i++) model[i] = Evaluate(i);
        return true;
    }

    int Least => (_options.OrderBy == OrderBy.Fixed ? _options.MaxOrder : 0) + 2;

    double Evaluate(int i)
    {
        var sum = 0.0;
        for (var k = 0; k <= Order; k++) sum += _coefficients[k] * _basis[(i * _terms) + k];
        return sum;
    }

    static void RestoreAll(ReadOnlySpan<double> values, ReadOnlySpan<bool> flagged, Span<bool> used)
    {
        for (var i = 0; i < used.Length; i++) used[i] = !flagged[i] && double.IsFinite(values[i]);
    }

    int Clip(ReadOnlySpan<double> values, ReadOnlySpan<bool> flagged, ReadOnlySpan<bool> used)
    {
        var n = 0;
        for (var i = 0; i < Count; i++)
        {
            if (used[i]) _scratch[n++] = Math.Abs(values[i] - Evaluate(i));
        }

        Sigma = RobustScale.FromMedianDeviation * RobustScale.Median(_scratch.AsSpan(0, n));
        var limit = Math.Max(_options.SnrLimit * Sigma, 1e-12 * Math.Abs(_coefficients[0]));
        var kept = 0;
        for (var i = 0; i < Count; i++)
        {
            _next[i] = !flagged[i] && double.IsFinite(values[i]) && Math.Abs(values[i] - Evaluate(i)) <= limit;
            if (_next[i]) kept++;
        }

        return kept;
    }

    bool Solve(ReadOnlySpan<double> values, ReadOnlySpan<bool> used)
    {
        Array.Clear(_normal);
        Array.Clear(_right);
        var (n, squares) = (0, 0.0);
        for (var i = 0; i < Count; i++)
        {
            if (!used[i]) continue;
            n++;
            squares += values[i] * values[i];
            for (var j = 0; j < _terms; j++)
            {
                var b = _basis[(i * _terms) + j];
                _right[j] += b * values[i];
                for (var k = 0; k <= j; k++) _normal[(j * _terms) + k] += b * _basis[(i * _terms) + k];
            }
        }

        var highest = Math.Min(_terms, n - 1);
        var factored = FactorLeading(highest);
        if (factored == 0) return false;
        // With A = L L^T and y = L^-1 r, dropping trailing terms leaves RSS_k = |v|² - sum_{j<=k} y_j²: every order from one factorisation.
        ForwardLeading(factored);
        Order = Choose(factored, n, squares);
        _right.AsSpan(0, Order + 1).CopyTo(_coefficients);
        for (var i = Order; i >= 0; i--)
        {
            for (var k = i + 1; k <= Order; k++) _coefficients[i] -= _normal[(k * _terms) + i] * _coefficients[k];
            _coefficients[i] /= _normal[(i * _terms) + i];
        }

        return true;
    }

    int FactorLeading(int highest)
    {
        for (var j = 0; j < highest; j++)
        {
            var whole = _normal[(j * _terms) + j];
            for (var i = 0; i <= j; i++)
            {
                var sum = _normal[(j * _terms) + i];
                for (var k = 0; k < i; k++) sum -= _normal[(j * _terms) + k] * _normal[(i * _terms) + k];
                if (i < j) _normal[(j * _terms) + i] = sum / _normal[(i * _terms) + i];
                else if (sum > 1e-12 * whole) _normal[(j * _terms) + j] = Math.Sqrt(sum);
                else return j;
            }
        }

        return highest;
    }

    void ForwardLeading(int terms) => Cholesky.Forward(_normal, _terms, _right.AsSpan(0, terms));

    int Choose(int terms, int n, double squares)
    {
        if (_options.OrderBy == OrderBy.Fixed) return terms - 1;
        var (best, order, rest) = (double.PositiveInfinity, 0, squares);
        var floor = Math.Max(1e-20 * squares, double.Epsilon);
        for (var k = 0; k < terms; k++)
        {
            rest = Math.Max(rest - (_right[k] * _right[k]), floor);
            var penalty = _options.OrderBy == OrderBy.Bic ? Math.Log(n) : 2;
            var score = (n * Math.Log(rest / n)) + ((k + 1) * penalty);
            if (score < best) (best, order) = (score, k);
        }

        return order;
    }

    static double[] Legendre(ReadOnlySpan<double> x, double low, double high, int terms)
    {
        var basis = new double[x.Length * terms];
        for (var i = 0; i < x.Length; i++)
        {
            var t = high > low ? ((2 * x[i]) - low - high) / (high - low) : 0;
            var row = basis.AsSpan(i * terms, terms);
            row[0] = 1;
            if (terms > 1) row[1] = t;
            for (var k = 2; k < terms; k++) row[k] = ((((2 * k) - 1) * t * row[k - 1]) - ((k - 1) * row[k - 2])) / k;
        }

        return basis;
    }
}
